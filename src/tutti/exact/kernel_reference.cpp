// The reference twin of all kernels: what they compute, in the plainest words.
#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {

namespace {

template <class Real>
void sum(ExactSum& total, std::span<const Real> x) {
  for (const Real value : x) total.add(value);
}

template <class Real>
void dot(ExactSum& total, std::span<const Real> x, std::span<const Real> y) {
  for (std::size_t i = 0; i < x.size(); ++i) total.add_product(x[i], y[i]);
}

template <class Real>
void sum_of_squares(ExactSum& total, std::span<const Real> x) {
  dot(total, x, x);
}

template <class Real>
void absolute_sum(ExactSum& total, std::span<const Real> x) {
  for (const Real value : x) Term(value).negative ? total.subtract(value) : total.add(value);
}

template <class Real>
constexpr KernelSet<Real> set{sum<Real>, dot<Real>, sum_of_squares<Real>, absolute_sum<Real>, dot<Real>};

}  // namespace

Kernel reference_kernel() { return {"reference", set<double>, set<float>}; }

}  // namespace tutti::exact

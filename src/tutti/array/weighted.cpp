#include "tutti/array/weighted.hpp"

#include "tutti/array/operands.hpp"
#include "tutti/exact/complex.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"

namespace tutti {

namespace {

using array::call_with;
using array::check_operands;
using comm::Operation;

constexpr Operation weighted_sum_operation{"weighted_sum"};
constexpr Operation weighted_mean_operation{"weighted_mean"};

}  // namespace

template <Number W, Number T>
SumOf<W, T> weighted_sum(const DistVector<W>& weights, const DistVector<T>& x, Site site) {
  const ExactSum total =
      comm::merge_sums(weights.world(), call_with<T>(weighted_sum_operation, weights, site), [&] {
        check_operands("weighted_sum", weights, x);
        ExactSum part;
        exact::add_dot(part, weights.local(), x.local());
        return part;
      });
  return array::result_of<W, T>(total, "weighted_sum of ", x.name(), " by ", weights.name());
}

template <Number W, ComplexNumber T>
std::complex<double> weighted_sum(const DistVector<W>& weights, const DistVector<T>& x, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    check_operands("weighted_sum", weights, x);
    exact::add_weighted(parts[0], parts[1], weights.local(), x.local());
  };
  const auto sums =
      comm::merge_sums(weights.world(), call_with<T>(weighted_sum_operation, weights, site), 2, fill);
  return {sums[0].round(), sums[1].round()};
}

template <Number W, Number T>
double weighted_mean(const DistVector<W>& weights, const DistVector<T>& x, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    check_operands("weighted_mean", weights, x);
    exact::add_dot(parts[0], weights.local(), x.local());
    exact::add_sum(parts[1], weights.local());
  };
  const auto sums =
      comm::merge_sums(weights.world(), call_with<T>(weighted_mean_operation, weights, site), 2, fill);
  return exact::quotient(sums[0], sums[1]);
}

#define TUTTI_COMPLEX(W, T) \
  template std::complex<double> weighted_sum<W, T>(const DistVector<W>&, const DistVector<T>&, Site);
#define TUTTI_REAL(W, T)                                                                     \
  template SumOf<W, T> weighted_sum<W, T>(const DistVector<W>&, const DistVector<T>&, Site); \
  template double weighted_mean<W, T>(const DistVector<W>&, const DistVector<T>&, Site);
#define TUTTI_INSTANTIATE(W)            \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_REAL, W) \
  TUTTI_COMPLEX(W, std::complex<float>) \
  TUTTI_COMPLEX(W, std::complex<double>)
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE
#undef TUTTI_REAL
#undef TUTTI_COMPLEX

}  // namespace tutti

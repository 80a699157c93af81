#include "tutti/array/complex_reductions.hpp"

#include <cmath>

#include "tutti/array/operands.hpp"
#include "tutti/array/pieces.hpp"
#include "tutti/exact/statistics.hpp"

namespace tutti::array {

namespace {

using comm::Operation;
using exact::Conjugated;
using Complex = std::complex<double>;

constexpr Operation dot_operation{"complex dot"};
constexpr Operation dotu_operation{"complex dotu"};
constexpr Operation sum_operation{"complex sum of vector"};
constexpr Operation squares_operation{"complex sum of squares"};
constexpr Operation rounded_dot_operation{"rounded complex dot"};
constexpr Operation rounded_dotu_operation{"rounded complex dotu"};
constexpr Operation rounded_sum_operation{"rounded complex sum of vector"};
constexpr Operation rounded_squares_operation{"rounded complex sum of squares"};

template <class T>
Complex dot_product(const Operation& operation, const Operand<T>& a, const Operand<T>& b,
                    Conjugated conjugated, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    check_operands(conjugated == Conjugated::first ? "dot" : "dotu", a, b);
    in_pieces([&](std::span<const T> x,
                  std::span<const T> y) { exact::add_dot(parts[0], parts[1], x, y, conjugated); },
              a, b);
  };
  const auto sums = comm::merge_sums(a.world(), call_on(operation, a, site), 2, fill);
  return {sums[0].round(), sums[1].round()};
}

// term(x) for each x, added up in the ordinary way.
template <class T, class Terms>
Complex rounded_sum(const Operation& operation, const Operand<T>& x, Site site, const Terms& terms) {
  const auto fill = [&](std::span<double> parts) {
    Complex total = 0;
    terms(total);
    parts[0] = total.real();
    parts[1] = total.imag();
  };
  const std::vector<double> sums = comm::merge_rounded(x.world(), call_on(operation, x, site), 2, fill);
  return {sums[0], sums[1]};
}

template <class T>
Complex rounded_dot_product(const Operation& operation, const Operand<T>& a, const Operand<T>& b,
                            Conjugated conjugated, Site site) {
  return rounded_sum(operation, a, site, [&](Complex& total) {
    const bool first = conjugated == Conjugated::first;
    check_operands(first ? "dot" : "dotu", a, b);
    const auto add = [&](std::span<const T> xs, std::span<const T> ys) {
      for (std::size_t i = 0; i < xs.size(); ++i) {
        const Complex x(xs[i]), y(ys[i]);
        // Written out: operator* of std::complex would test each product for NaN.
        const double imaginary = first ? -x.imag() : x.imag();
        total +=
            Complex(x.real() * y.real() - imaginary * y.imag(), x.real() * y.imag() + imaginary * y.real());
      }
    };
    in_rows(add, a, b);
  });
}

}  // namespace

template <ComplexNumber T>
Complex dot(const Operand<T>& a, const Operand<T>& b, Site site) {
  return dot_product(dot_operation, a, b, Conjugated::first, site);
}

template <ComplexNumber T>
Complex dotu(const Operand<T>& a, const Operand<T>& b, Site site) {
  return dot_product(dotu_operation, a, b, Conjugated::none, site);
}

template <ComplexNumber T>
Complex sum(const Operand<T>& x, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    in_pieces([&](std::span<const T> piece) { exact::add_sum(parts[0], parts[1], piece); }, x);
  };
  const auto sums = comm::merge_sums(x.world(), call_on(sum_operation, x, site), 2, fill);
  return {sums[0].round(), sums[1].round()};
}

template <ComplexNumber T>
double norm2(const Operand<T>& x, Site site) {
  return exact::square_root(comm::merge_sums(x.world(), call_on(squares_operation, x, site), [&] {
    ExactSum part;
    in_pieces([&](std::span<const T> piece) { exact::add_squares(part, piece); }, x);
    return part;
  }));
}

template <ComplexNumber T>
Complex dot(const Operand<T>& a, const Operand<T>& b, Rounded /*tag*/, Site site) {
  return rounded_dot_product(rounded_dot_operation, a, b, Conjugated::first, site);
}

template <ComplexNumber T>
Complex dotu(const Operand<T>& a, const Operand<T>& b, Rounded /*tag*/, Site site) {
  return rounded_dot_product(rounded_dotu_operation, a, b, Conjugated::none, site);
}

template <ComplexNumber T>
Complex sum(const Operand<T>& x, Rounded /*tag*/, Site site) {
  return rounded_sum(rounded_sum_operation, x, site, [&](Complex& total) {
    in_rows(
        [&](std::span<const T> piece) {
          for (const T& value : piece) total += Complex(value);
        },
        x);
  });
}

template <ComplexNumber T>
double norm2(const Operand<T>& x, Rounded /*tag*/, Site site) {
  return std::sqrt(comm::merge_rounded(x.world(), call_on(rounded_squares_operation, x, site), [&] {
    double part = 0;
    in_rows(
        [&](std::span<const T> piece) {
          for (const T& value : piece) part += std::norm(Complex(value));
        },
        x);
    return part;
  }));
}

#define TUTTI_INSTANTIATE(T)                                                     \
  template Complex dot<T>(const Operand<T>&, const Operand<T>&, Site);           \
  template Complex dotu<T>(const Operand<T>&, const Operand<T>&, Site);          \
  template Complex sum<T>(const Operand<T>&, Site);                              \
  template double norm2<T>(const Operand<T>&, Site);                             \
  template Complex dot<T>(const Operand<T>&, const Operand<T>&, Rounded, Site);  \
  template Complex dotu<T>(const Operand<T>&, const Operand<T>&, Rounded, Site); \
  template Complex sum<T>(const Operand<T>&, Rounded, Site);                     \
  template double norm2<T>(const Operand<T>&, Rounded, Site);
TUTTI_INSTANTIATE(std::complex<float>)
TUTTI_INSTANTIATE(std::complex<double>)
#undef TUTTI_INSTANTIATE

}  // namespace tutti::array

#include "tutti/array/weighted.hpp"

#include "tutti/array/operands.hpp"
#include "tutti/array/pieces.hpp"
#include "tutti/exact/complex.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"

namespace tutti::array {

namespace {

using comm::Operation;

constexpr Operation weighted_sum_operation{"weighted_sum"};
constexpr Operation weighted_mean_operation{"weighted_mean"};

}  // namespace

template <Number W, Number T>
SumOf<W, T> weighted_sum(const Operand<W>& weights, const Operand<T>& x, Site site) {
  const ExactSum total =
      comm::merge_sums(weights.world(), call_with<T>(weighted_sum_operation, weights, site), [&] {
        check_operands("weighted_sum", weights, x);
        ExactSum part;
        in_pieces([&](std::span<const W> w, std::span<const T> y) { exact::add_dot(part, w, y); }, weights,
                  x);
        return part;
      });
  return result_of<W, T>(total, "weighted_sum of ", x.name(), " by ", weights.name());
}

template <Number W, ComplexNumber T>
std::complex<double> weighted_sum(const Operand<W>& weights, const Operand<T>& x, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    check_operands("weighted_sum", weights, x);
    in_pieces(
        [&](std::span<const W> w, std::span<const T> y) { exact::add_weighted(parts[0], parts[1], w, y); },
        weights, x);
  };
  const auto sums =
      comm::merge_sums(weights.world(), call_with<T>(weighted_sum_operation, weights, site), 2, fill);
  return {sums[0].round(), sums[1].round()};
}

template <Number W, Number T>
double weighted_mean(const Operand<W>& weights, const Operand<T>& x, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    check_operands("weighted_mean", weights, x);
    in_pieces(
        [&](std::span<const W> w, std::span<const T> y) {
          exact::add_dot(parts[0], w, y);
          exact::add_sum(parts[1], w);
        },
        weights, x);
  };
  const auto sums =
      comm::merge_sums(weights.world(), call_with<T>(weighted_mean_operation, weights, site), 2, fill);
  return exact::quotient(sums[0], sums[1]);
}

#define TUTTI_COMPLEX(W, T) \
  template std::complex<double> weighted_sum<W, T>(const Operand<W>&, const Operand<T>&, Site);
#define TUTTI_REAL(W, T)                                                               \
  template SumOf<W, T> weighted_sum<W, T>(const Operand<W>&, const Operand<T>&, Site); \
  template double weighted_mean<W, T>(const Operand<W>&, const Operand<T>&, Site);
#define TUTTI_INSTANTIATE(W)            \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_REAL, W) \
  TUTTI_COMPLEX(W, std::complex<float>) \
  TUTTI_COMPLEX(W, std::complex<double>)
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE
#undef TUTTI_REAL
#undef TUTTI_COMPLEX

}  // namespace tutti::array

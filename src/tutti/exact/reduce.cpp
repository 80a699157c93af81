#include "tutti/exact/reduce.hpp"

#include <algorithm>
#include <type_traits>

#include "tutti/exact/batch.hpp"
#include "tutti/exact/kernels.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/pieces.hpp"

namespace tutti::exact {

namespace {

constexpr std::size_t batch_terms = std::size_t{1} << 29U;

// The sum of integer terms f(0) .. f(n - 1) of up to 128 bits. The lower halves and the upper halves are
// summed apart, so that 2^63 terms cannot overflow.
template <class Wide, class Function>
void add_integers(ExactSum& total, std::size_t n, Function&& f) {
  Uint128 lower = 0;
  Int128 upper = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Wide term = f(i);
    lower += static_cast<std::uint64_t>(term);
    upper += static_cast<Int128>(term >> 64U);
  }
  Batch batch(total);
  batch.add(lower, false, 0);
  batch.add(upper, 64);
  batch.finish();
}

// The same for terms of 64 bits or less.
template <class T, class Function>
void add_short_integers(ExactSum& total, std::size_t n, Function&& f) {
  Int128 sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += f(i);
  Batch batch(total);
  batch.add(sum, 0);
  batch.finish();
}

// Products of unlike types, one by one.
template <class T, class U>
void add_mixed(ExactSum& total, std::span<const T> x, std::span<const U> y) {
  Batch batch(total);
  for (std::size_t first = 0; first < x.size(); first += batch_terms) {
    const std::size_t end = std::min(x.size(), first + batch_terms);
    for (std::size_t i = first; i < end; ++i) batch.add(Product(x[i], y[i]));
    batch.finish();
  }
}

}  // namespace

template <Number T>
void add_sum(ExactSum& total, std::span<const T> x) {
  if constexpr (std::floating_point<T>)
    kernel_set<T>().sum(total, x);
  else
    add_short_integers<T>(total, x.size(), [&](std::size_t i) { return x[i]; });
}

template <Number T, Number U>
void add_dot(ExactSum& total, std::span<const T> x, std::span<const U> y) {
  check_lengths("dot", x.size(), y.size());
  if constexpr (std::floating_point<T> && std::same_as<T, U>) {
    kernel_set<T>().dot(total, x, y);
  } else if constexpr (std::same_as<T, std::int32_t> && std::same_as<U, std::int32_t>) {
    add_short_integers<T>(total, x.size(), [&](std::size_t i) { return std::int64_t{x[i]} * y[i]; });
  } else if constexpr (std::integral<T> && std::integral<U>) {
    using Wide = std::conditional_t<std::unsigned_integral<T> && std::unsigned_integral<U>, Uint128, Int128>;
    add_integers<Wide>(total, x.size(),
                       [&](std::size_t i) { return static_cast<Wide>(x[i]) * static_cast<Wide>(y[i]); });
  } else {
    add_mixed(total, x, y);
  }
}

template <Number T>
void add_squares(ExactSum& total, std::span<const T> x) {
  if constexpr (std::floating_point<T>)
    kernel_set<T>().sum_of_squares(total, x);
  else
    add_dot(total, x, x);
}

template <Number T>
void add_magnitudes(ExactSum& total, std::span<const T> x) {
  if constexpr (std::floating_point<T>)
    kernel_set<T>().absolute_sum(total, x);
  else
    add_short_integers<T>(total, x.size(), [&](std::size_t i) { return Term(x[i]).magnitude; });
}

#define TUTTI_DOT(T, U) template void add_dot(ExactSum&, std::span<const T>, std::span<const U>);
#define TUTTI_REDUCE(T)                                        \
  template void add_sum(ExactSum&, std::span<const T>);        \
  template void add_squares(ExactSum&, std::span<const T>);    \
  template void add_magnitudes(ExactSum&, std::span<const T>); \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_DOT, T)

TUTTI_FOR_NUMBERS(TUTTI_REDUCE)

#undef TUTTI_REDUCE
#undef TUTTI_DOT

}  // namespace tutti::exact

// Integers by role, and conversions between them that never lose a value silently.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

using Index = std::int64_t;  ///< a global index, or a count of elements over all ranks
                             ///  (ranks are `int`, sizes on one rank `std::size_t`)

/// `value` as a To.
/// @throws InternalError if To cannot hold the value.
template <std::integral To, std::integral From>
constexpr To checked_cast(From value) {
  const auto converted = static_cast<To>(value);
  if (static_cast<From>(converted) != value || (converted < To{}) != (value < From{}))
    throw InternalError(text("integer conversion: ", value, " does not fit the target type (",
                             std::numeric_limits<To>::min(), " .. ", std::numeric_limits<To>::max(), ")"));
  return converted;
}

/// The place of a rank in a list that has one for each.
constexpr std::size_t slot(int rank) { return static_cast<std::size_t>(rank); }

/// a * b in `product`. @return false if the product overflows T; `product` is then not meaningful.
template <std::integral T>
constexpr bool multiply_fits(T a, T b, T& product) {
  return !__builtin_mul_overflow(a, b, &product);
}

/// Bytes as the ledger counts them: at most INT64_MAX, which no node has.
constexpr std::uint64_t saturated(Uint128 bytes) {
  return bytes < INT64_MAX ? static_cast<std::uint64_t>(bytes) : INT64_MAX;
}

/// a + b in `sum`. @return false if the sum overflows T; `sum` is then not meaningful.
template <std::integral T>
constexpr bool add_fits(T a, T b, T& sum) {
  return !__builtin_add_overflow(a, b, &sum);
}

}  // namespace tutti

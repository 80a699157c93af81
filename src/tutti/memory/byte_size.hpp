// Amounts of memory as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tutti/core/integer.hpp"

namespace tutti::memory {

/// "4GiB" and "4G" are 4 * 2^30, "256GB" is 256 * 10^9, "1.5 TiB", "4096" are what they say. Units from B to
/// P, in either case, with one space before them or none; a fraction of a byte is left out.
/// @return nothing for anything else: no number, a sign, an unknown unit, 2^63 bytes or more.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// Sums and products of amounts that nobody has checked: what does not fit counts as 2^64 - 1, more than any
/// memory.
constexpr std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return add_fits(a, b, sum) ? sum : UINT64_MAX;
}
constexpr std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return multiply_fits(a, b, product) ? product : UINT64_MAX;
}

}  // namespace tutti::memory

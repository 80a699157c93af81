// A window: an exact sum as 45 bytes, if its bits span no more than 320. How sums travel in a collective's
// packet.
#pragma once

#include <array>
#include <cstdint>

#include "tutti/exact/exact_sum.hpp"

namespace tutti::exact {

/// The value digits * 2^(ExactSum::lowest_bit + low), digits in two's complement (word 0 is the lowest). A
/// plain value of 48 bytes that may be copied as bytes.
///
/// merge() is commutative and associative, bit by bit: any tree over any ranks leaves the same bytes. Where
/// the bits of the union do not fit, the digits are 0, but low and high are still right, and fits() tells all
/// ranks the same.
struct Window {
  static constexpr int bits = 320;

  std::array<std::uint64_t, 5> digits{};
  std::int16_t low = INT16_MAX;    ///< place of the lowest bit; a zero has low > high and changes nothing
  std::int16_t high = INT16_MIN;   ///< after the highest bit, with sign and headroom
  std::uint8_t specials = finite;  ///< bits of Special; if any, they absorb the rest
  std::array<std::uint8_t, 3> padding{};

  friend bool operator==(const Window&, const Window&) = default;
};

/// The window of a sum to which others will be added.
/// @param headroom  bits above the value: the sum of 2^headroom windows made alike cannot overflow
/// (std::bit_width
///                  of the number of ranks is enough), 0 .. 64
Window make_window(const ExactSum& sum, int headroom);

/// Adds the window `from` to `into`.
void merge(Window& into, const Window& from);

/// False if the bits of the merged values span too much: then only ExactSum::words() can carry the sum.
bool fits(const Window& window);

/// The sum that a window stands for.
/// @throws InternalError if it does not fit.
ExactSum to_sum(const Window& window);

}  // namespace tutti::exact

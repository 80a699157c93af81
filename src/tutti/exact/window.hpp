// A window: an exact sum as 45 bytes, if its bits span no more than 320. How sums travel in a collective's
// packet.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/term.hpp"

namespace tutti::exact {

/// The value digits * 2^(ExactSum::lowest_bit + low), digits in two's complement (digit 0 is the lowest). A
/// plain value that may be copied as bytes.
///
/// merge() is commutative and associative, bit by bit: any tree over any ranks leaves the same bytes. Where
/// the bits of the union do not fit, the digits are 0, but low and high are still right, and fits() tells all
/// ranks the same.
template <std::unsigned_integral Digit>
struct BasicWindow {
  static constexpr int digit_bits = 8 * sizeof(Digit);
  static constexpr int bits = 5 * digit_bits;

  std::array<Digit, 5> digits{};
  std::int16_t low = INT16_MAX;    ///< place of the lowest bit; a zero has low > high and changes nothing
  std::int16_t high = INT16_MIN;   ///< after the highest bit, with sign and headroom
  std::uint8_t specials = finite;  ///< bits of Special; if any, they absorb the rest
  std::array<std::uint8_t, 3> padding{};

  friend bool operator==(const BasicWindow&, const BasicWindow&) = default;
};

/// 320 bits: a dot product of usual data on any number of ranks takes some 130 to 250.
using Window = BasicWindow<std::uint64_t>;
/// 160 bits: two of these have the place of one Window.
using HalfWindow = BasicWindow<std::uint32_t>;

/// The window of a sum to which others will be added.
/// @param headroom  bits above the value: the sum of 2^headroom windows made alike cannot overflow
/// (std::bit_width
///                  of the number of ranks is enough), 0 .. 64
template <class AnyWindow = Window>
AnyWindow make_window(const ExactSum& sum, int headroom);

/// The same of one number.
Window window_of(const Term& value, int headroom);

/// Adds the window `from` to `into`.
template <class Digit>
void merge(BasicWindow<Digit>& into, const BasicWindow<Digit>& from);

/// False if the bits of the merged values span too much: then only ExactSum::words() can carry the sum.
template <class Digit>
bool fits(const BasicWindow<Digit>& window) {
  return window.high - window.low <= window.bits;
}

/// The sum that a window stands for.
/// @throws InternalError if it does not fit.
template <class Digit>
ExactSum to_sum(const BasicWindow<Digit>& window);

/// The float64 nearest to that sum: what to_sum(window).round() is, in 10 ns instead of 50.
/// @pre fits(window)
double round(const Window& window);

}  // namespace tutti::exact

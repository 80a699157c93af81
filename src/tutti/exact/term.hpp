// A number as an exact sum sees it: sign, integer magnitude, power of two. Any type of input becomes one.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>

#include "tutti/core/text.hpp"

namespace tutti::exact {

/// What is not a finite number; the values are bits, so that a union is an OR.
enum Special : std::uint8_t { finite = 0, not_a_number = 1, positive_infinity = 2, negative_infinity = 4 };

/// The infinity of a sign.
constexpr Special infinity(bool negative) { return negative ? negative_infinity : positive_infinity; }

/// One special value for any set of them: NaN beats all, and so do infinities of both signs together.
constexpr Special canonical(std::uint8_t specials) {
  constexpr std::uint8_t both = positive_infinity | negative_infinity;
  if ((specials & not_a_number) != 0 || (specials & both) == both) return not_a_number;
  return static_cast<Special>(specials & both);
}

/// The value (-1)^negative * magnitude * 2^exponent, or a special one. Made from the bits of the number,
/// without floating-point arithmetic: the caller's rounding mode, FTZ and DAZ have no say.
/// @example Term(-0.75) is {magnitude 3 * 2^51, exponent -53, negative}
struct Term {
  std::uint64_t magnitude = 0;
  int exponent = 0;
  bool negative = false;
  Special special = finite;

  constexpr Term(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    set((bits >> 52U) & 0x7ffU, 0x7ff, bits & ((1ULL << 52U) - 1), 52, bits >> 63U);
  }
  constexpr Term(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    set((bits >> 23U) & 0xffU, 0xff, bits & ((1U << 23U) - 1), 23, bits >> 31U);
  }
  template <std::integral Integer>
  constexpr Term(Integer value) : magnitude(static_cast<std::uint64_t>(value)), negative(value < Integer{}) {
    static_assert(sizeof(Integer) <= 8);
    if (negative)
      magnitude = 0 - magnitude;  // also right for the lowest integer, whose magnitude has no int64
  }

 private:
  // An IEEE 754 binary format: exponent field, its highest value, fraction field, width of the fraction,
  // sign.
  constexpr void set(std::uint64_t field, int highest, std::uint64_t fraction, int width,
                     std::uint64_t sign) {
    const int bias = highest / 2 + width;
    negative = sign != 0;
    if (field == static_cast<std::uint64_t>(highest)) {
      special = fraction != 0 ? not_a_number : infinity(negative);
    } else if (field == 0) {
      magnitude = fraction;
      exponent = 1 - bias;
    } else {
      magnitude = fraction | (1ULL << static_cast<unsigned>(width));
      exponent = static_cast<int>(field) - bias;
    }
  }
};

/// A product of two terms, unrounded: 128 bits of magnitude hold any.
struct Product {
  Uint128 magnitude = 0;
  int exponent = 0;
  bool negative = false;
  Special special = finite;

  constexpr Product(const Term& x, const Term& y)
      : magnitude(static_cast<Uint128>(x.magnitude) * y.magnitude),
        exponent(x.exponent + y.exponent),
        negative(x.negative != y.negative) {
    if ((x.special | y.special) == finite) return;
    const bool undefined = ((x.special | y.special) & not_a_number) != 0 ||
                           (x.special == finite && x.magnitude == 0) ||
                           (y.special == finite && y.magnitude == 0);
    special = undefined ? not_a_number : infinity(negative);
  }
};

}  // namespace tutti::exact

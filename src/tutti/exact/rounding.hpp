// The one place where bits are rounded to float64.
#pragma once

#include <array>
#include <cstdint>

#include "tutti/core/text.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti::exact {

/// A nonzero magnitude: bits * 2^exponent, plus something below the last bit (more than 0 and less than
/// 2^exponent) if `sticky`.
struct Leading {
  Uint128 bits;
  int exponent;
  bool negative;
  bool sticky;
};

/// The 128 leading bits of a nonzero finite sum.
Leading leading(const ExactSum& sum);

/// The float64 (or float32) nearest to what `value` stands for, ties to even. value.bits must hold 55 bits or
/// more, or be exact.
template <class Float = double>
Float round(const Leading& value);

/// NaN, +inf or -inf: the canonical bits.
double special_value(Special special);

/// The sign and the digits, of 32 bits, of the magnitude of a finite sum.
struct Magnitude {
  std::array<std::uint32_t, ExactSum::digits> digit{};
  int first = 0;  ///< lowest nonzero digit
  int end = 0;    ///< after the highest nonzero digit; 0 for zero
  bool negative = false;
};
Magnitude magnitude(const ExactSum& sum);

}  // namespace tutti::exact

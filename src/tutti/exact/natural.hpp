// Unsigned integers of any size, with the few operations that exact statistics need.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "tutti/core/text.hpp"
#include "tutti/exact/rounding.hpp"

namespace tutti::exact {

/// A natural number; digits of 32 bits, the lowest first, the highest nonzero.
class Natural {
 public:
  Natural() = default;
  explicit Natural(Uint128 value);
  /// The digits of a magnitude: its value in units of 2^ExactSum::lowest_bit.
  explicit Natural(const Magnitude& magnitude);

  bool is_zero() const { return digits_.empty(); }
  int width() const;          ///< number of bits; 0 for zero
  bool bit(int place) const;  ///< place 0 weighs 1
  bool any_bit_below(int place) const;

  friend Natural operator*(const Natural& a, const Natural& b);
  friend Natural operator-(const Natural& a, const Natural& b);  ///< a >= b
  friend std::strong_ordering operator<=>(const Natural& a, const Natural& b);
  friend bool operator==(const Natural& a, const Natural& b) = default;
  /// this * 2^(32 * count)
  Natural shifted_by_digits(int count) const;
  /// this * 2^count, count >= 0
  Natural shifted(int count) const;

 private:
  void trim();
  std::vector<std::uint32_t> digits_;
};

/// The float64 nearest to (-1)^negative * numerator * 2^exponent / denominator, ties to even: rounded once,
/// also where the result is subnormal or overflows. 0 for a zero numerator.
/// @param denominator  1 .. 2^127
double round_quotient(bool negative, const Natural& numerator, int exponent, Uint128 denominator);
/// The same for a denominator > 0 of any size.
double round_quotient(bool negative, const Natural& numerator, int exponent, const Natural& denominator);

}  // namespace tutti::exact

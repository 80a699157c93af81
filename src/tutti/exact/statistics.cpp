#include "tutti/exact/statistics.hpp"

#include "tutti/exact/natural.hpp"
#include "tutti/exact/rounding.hpp"

namespace tutti::exact {

namespace {

struct Root {
  std::uint64_t root;       // floor of the square root
  std::uint64_t remainder;  // value - root^2, at most 2 root
};

// Bit by bit, of a 64-bit value >= 2^62.
Root root_of_64(std::uint64_t value) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = 1ULL << 62U; bit != 0; bit >>= 2U) {
    const bool one = value >= root + bit;
    value -= one ? root + bit : 0;
    root = (root >> 1U) + (one ? bit : 0);
  }
  return {root, value};
}

// floor of the square root of a 128-bit value >= 2^126, and whether it is exact; P. Zimmermann, "Karatsuba
// square root", INRIA RR-3805 (1999): the root of the upper half, then one division for the rest.
std::uint64_t root_of_128(Uint128 value, bool& exact) {
  constexpr unsigned half = 32;
  const Root upper = root_of_64(static_cast<std::uint64_t>(value >> 64U));
  const auto lower = static_cast<std::uint64_t>(value);
  const Uint128 dividend = static_cast<Uint128>(upper.remainder) << half | lower >> half;
  const Uint128 quotient = dividend / (2 * static_cast<Uint128>(upper.root));
  Uint128 root = (static_cast<Uint128>(upper.root) << half) + quotient;  // at most one too large
  if (root >> 64U != 0 || root * root > value) --root;
  exact = root * root == value;
  return static_cast<std::uint64_t>(root);
}

}  // namespace

double mean(const ExactSum& sum, Index n) {
  if (n <= 0) return special_value(not_a_number);
  if (sum.has_special()) return special_value(sum.special());
  const Magnitude digits = magnitude(sum);
  return round_quotient(digits.negative, Natural(digits), ExactSum::lowest_bit, static_cast<Uint128>(n));
}

double variance(const ExactSum& sum, const ExactSum& sum_of_squares, Index n, Index ddof) {
  if (n <= 0 || n <= ddof || sum.has_special() || sum_of_squares.has_special())
    return special_value(not_a_number);
  const Magnitude squares = magnitude(sum_of_squares);
  const Natural s(magnitude(sum));
  const auto count = static_cast<Uint128>(n);
  // Both in units of the square of an ExactSum's unit.
  const Natural minuend =
      (Natural(count) * Natural(squares)).shifted_by_digits(-ExactSum::lowest_bit / ExactSum::digit_bits);
  const Natural subtrahend = s * s;
  // Below zero only if the two sums are not of the same numbers; then still what the formula says.
  const bool negative = squares.negative || minuend < subtrahend;
  const Natural numerator = minuend < subtrahend ? subtrahend - minuend : minuend - subtrahend;
  const auto degrees = static_cast<Uint128>(static_cast<Int128>(n) - ddof);
  return round_quotient(negative, numerator, 2 * ExactSum::lowest_bit, count * degrees);
}

double quotient(const ExactSum& numerator, const ExactSum& denominator) {
  if (denominator.is_zero() || denominator.has_special() || numerator.special() == not_a_number)
    return special_value(not_a_number);
  const bool negative = numerator.is_negative() != denominator.is_negative();
  if (numerator.has_special()) return special_value(infinity(negative));
  return round_quotient(negative, Natural(magnitude(numerator)), 0, Natural(magnitude(denominator)));
}

double square_root(const ExactSum& sum) {
  if (sum.special() == positive_infinity) return special_value(positive_infinity);
  if (sum.has_special() || sum.is_negative()) return special_value(not_a_number);
  if (sum.is_zero()) return 0.0;
  Leading value = leading(sum);
  if (value.exponent % 2 != 0) {  // all 128 bits are in use, one may go
    value.sticky = value.sticky || (value.bits & 1U) != 0;
    value.bits >>= 1U;
    ++value.exponent;
  }
  bool exact = false;
  const std::uint64_t root = root_of_128(value.bits, exact);
  return round(Leading{root, value.exponent / 2, false, value.sticky || !exact});
}

}  // namespace tutti::exact

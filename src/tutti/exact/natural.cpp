#include "tutti/exact/natural.hpp"

#include <algorithm>
#include <bit>

namespace tutti::exact {

Natural::Natural(Uint128 value) {
  for (; value != 0; value >>= 32U) digits_.push_back(static_cast<std::uint32_t>(value));
}

Natural::Natural(const Magnitude& magnitude)
    : digits_(magnitude.digit.begin(), magnitude.digit.begin() + magnitude.end) {}

int Natural::width() const {
  if (digits_.empty()) return 0;
  return 32 * static_cast<int>(digits_.size()) - std::countl_zero(digits_.back());
}

bool Natural::bit(int place) const {
  if (place < 0 || place >= width()) return false;
  return ((digits_[static_cast<std::size_t>(place) / 32] >> (static_cast<unsigned>(place) % 32)) & 1U) != 0;
}

bool Natural::any_bit_below(int place) const {
  if (place >= width()) return !is_zero();
  if (place <= 0) return false;
  const auto whole = static_cast<std::size_t>(place) / 32;
  const std::uint32_t part = digits_[whole] & ((1U << (static_cast<unsigned>(place) % 32)) - 1);
  return part != 0 || std::any_of(digits_.begin(), digits_.begin() + static_cast<std::ptrdiff_t>(whole),
                                  [](std::uint32_t digit) { return digit != 0; });
}

Natural operator*(const Natural& a, const Natural& b) {
  Natural product;
  product.digits_.resize(a.digits_.size() + b.digits_.size());
  for (std::size_t i = 0; i < a.digits_.size(); ++i) {
    if (a.digits_[i] == 0) continue;  // sums in units of 2^-2176 have many zero digits below
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.digits_.size(); ++j) {
      carry += static_cast<std::uint64_t>(a.digits_[i]) * b.digits_[j] + product.digits_[i + j];
      product.digits_[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32U;
    }
    product.digits_[i + b.digits_.size()] = static_cast<std::uint32_t>(carry);
  }
  product.trim();
  return product;
}

Natural operator-(const Natural& a, const Natural& b) {
  Natural difference = a;
  std::int64_t carry = 0;
  for (std::size_t i = 0; i < a.digits_.size(); ++i) {
    carry += static_cast<std::int64_t>(a.digits_[i]) - (i < b.digits_.size() ? b.digits_[i] : 0U);
    difference.digits_[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
  difference.trim();
  return difference;
}

std::strong_ordering operator<=>(const Natural& a, const Natural& b) {
  if (a.digits_.size() != b.digits_.size()) return a.digits_.size() <=> b.digits_.size();
  for (std::size_t i = a.digits_.size(); i-- > 0;)
    if (a.digits_[i] != b.digits_[i]) return a.digits_[i] <=> b.digits_[i];
  return std::strong_ordering::equal;
}

Natural Natural::shifted_by_digits(int count) const {
  Natural result = *this;
  if (!is_zero()) result.digits_.insert(result.digits_.begin(), static_cast<std::size_t>(count), 0U);
  return result;
}

Natural Natural::shifted(int count) const {
  Natural result = shifted_by_digits(count / 32);
  const auto part = static_cast<unsigned>(count) % 32;
  std::uint64_t carry = 0;
  for (std::uint32_t& digit : result.digits_) {
    carry |= static_cast<std::uint64_t>(digit) << part;
    digit = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
  if (carry != 0) result.digits_.push_back(static_cast<std::uint32_t>(carry));
  return result;
}

void Natural::trim() {
  while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
}

double round_quotient(bool negative, const Natural& numerator, int exponent, Uint128 denominator) {
  if (numerator.is_zero()) return 0.0;
  // Long division, bit by bit from the top, until the quotient has 64 bits: more than float64 and a half bit
  // need. What remains, and the bits not yet used, only say whether the quotient is exact.
  Uint128 quotient = 0;
  Uint128 remainder = 0;
  int place = numerator.width();
  while ((quotient >> 63U) == 0) {
    --place;
    remainder = remainder << 1U | (numerator.bit(place) ? 1U : 0U);
    quotient <<= 1U;
    if (remainder >= denominator) {
      remainder -= denominator;
      quotient |= 1U;
    }
  }
  return round(
      Leading{quotient, exponent + place, negative, remainder != 0 || numerator.any_bit_below(place)});
}

double round_quotient(bool negative, const Natural& numerator, int exponent, const Natural& denominator) {
  if (numerator.is_zero()) return 0.0;
  // Aligned at their highest bits, so that the first or the second bit of the quotient is a one; then
  // doubling and subtracting until it has 64 bits.
  int place = numerator.width() - denominator.width();
  Natural remainder = place < 0 ? numerator.shifted(-place) : numerator;
  const Natural aligned = place > 0 ? denominator.shifted(place) : denominator;
  std::uint64_t quotient = 0;
  for (;; --place) {
    quotient <<= 1U;
    if (remainder >= aligned) {
      remainder = remainder - aligned;
      quotient |= 1U;
    }
    if (quotient >> 63U != 0) break;
    remainder = remainder.shifted(1);
  }
  return round(Leading{quotient, exponent + place, negative, !remainder.is_zero()});
}

}  // namespace tutti::exact

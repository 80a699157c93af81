#include "tutti/exact/rounding.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>

namespace tutti::exact {

namespace {

constexpr std::uint64_t sign_bit = 1ULL << 63U;
constexpr std::uint64_t infinity_bits = 0x7ffULL << 52U;

// A binary floating-point format of IEEE 754.
template <class Float>
struct Format {
  using Bits = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  static constexpr int stored_bits = std::numeric_limits<Float>::digits - 1;
  static constexpr int largest_exponent = std::numeric_limits<Float>::max_exponent - 1;
  static constexpr int smallest_exponent =
      1 - largest_exponent - stored_bits;  // of a subnormal number's last bit
  static constexpr Bits sign = Bits{1} << (8 * sizeof(Bits) - 1);
  static constexpr Bits infinity = static_cast<Bits>(2 * largest_exponent + 1) << stored_bits;
};

int width(Uint128 value) {
  const auto upper = static_cast<std::uint64_t>(value >> 64U);
  return upper != 0 ? 128 - std::countl_zero(upper)
                    : 64 - std::countl_zero(static_cast<std::uint64_t>(value));
}

}  // namespace

Leading leading(const ExactSum& sum) {
  const auto words = sum.words();
  const int top = sum.end_digit() - 1;
  const bool negative = sum.is_negative();
  bool sticky = false;
  for (int i = sum.first_digit(); i < top - 4 && !sticky; ++i)
    sticky = words[static_cast<std::size_t>(i)] != 0;
  // The four highest digits modulo 2^128, and the fifth. Below zero the magnitude is the negative of all
  // digits.
  const auto digit = [&](int i) { return i >= 0 ? words[static_cast<std::size_t>(i)] : 0; };
  Uint128 bits = 0;
  for (int i = top; i > top - 4; --i) bits = (bits << 32U) + static_cast<Uint128>(digit(i));
  auto fifth = static_cast<std::uint64_t>(digit(top - 4));
  if (negative) {
    fifth = 0 - fifth - (sticky ? 1U : 0U);
    bits = 0 - bits - (fifth != 0 ? 1U : 0U);
    fifth &= 0xffffffffU;
  }
  const auto shift = static_cast<unsigned>(128 - width(bits));  // 0 .. 32
  bits = bits << shift | fifth >> (32 - shift);
  sticky = sticky || (fifth & ((1ULL << (32 - shift)) - 1)) != 0;
  return {bits, ExactSum::lowest_bit + ExactSum::digit_bits * (top - 3) - static_cast<int>(shift), negative,
          sticky};
}

template <class Float>
Float round(const Leading& value) {
  using F = Format<Float>;
  const int highest = value.exponent + width(value.bits) - 1;  // exponent of the first bit
  const typename F::Bits sign = value.negative ? F::sign : 0;
  if (highest > F::largest_exponent) return std::bit_cast<Float>(sign | F::infinity);
  const int last =
      std::max(highest - F::stored_bits, F::smallest_exponent);  // exponent of the last bit of the result
  const int dropped = last - value.exponent;
  std::uint64_t significand = 0;
  bool half = false;
  bool below = value.sticky;
  if (dropped <= 0) {
    significand = static_cast<std::uint64_t>(value.bits) << static_cast<unsigned>(-dropped);
  } else if (dropped > 128) {
    below = true;
  } else {
    const auto count = static_cast<unsigned>(dropped);
    significand = count == 128 ? 0 : static_cast<std::uint64_t>(value.bits >> count);
    half = ((value.bits >> (count - 1)) & 1U) != 0;
    below = below || (value.bits & ((static_cast<Uint128>(1) << (count - 1)) - 1)) != 0;
  }
  if (half && (below || (significand & 1U) != 0)) ++significand;
  // The leading bit of a normal significand adds one to the exponent field; so does a carry out of it, up to
  // inf.
  const auto field = static_cast<std::uint64_t>(last - F::smallest_exponent);
  return std::bit_cast<Float>(
      static_cast<typename F::Bits>(sign | ((field << F::stored_bits) + significand)));
}

template double round<double>(const Leading&);
template float round<float>(const Leading&);

double special_value(Special special) {
  constexpr std::uint64_t quiet_nan = 0x7ff8ULL << 48U;
  if (special == positive_infinity) return std::bit_cast<double>(infinity_bits);
  if (special == negative_infinity) return std::bit_cast<double>(sign_bit | infinity_bits);
  return std::bit_cast<double>(quiet_nan);
}

Magnitude magnitude(const ExactSum& sum) {
  const auto words = sum.words();
  Magnitude result;
  result.negative = sum.is_negative() && !sum.has_special();
  result.first = sum.first_digit();
  std::int64_t carry = 0;
  for (int i = result.first; i < sum.end_digit(); ++i) {
    const std::int64_t word = words[static_cast<std::size_t>(i)];
    carry += result.negative ? -word : word;
    result.digit[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(carry);
    carry >>= ExactSum::digit_bits;
  }
  result.end = sum.end_digit();
  while (result.end > 0 && result.digit[static_cast<std::size_t>(result.end - 1)] == 0) --result.end;
  return result;
}

}  // namespace tutti::exact

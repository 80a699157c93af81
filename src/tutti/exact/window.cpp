#include "tutti/exact/window.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/exact/batch.hpp"
#include "tutti/exact/rounding.hpp"

namespace tutti::exact {

static_assert(sizeof(Window) == 48 && std::is_trivially_copyable_v<Window>);
static_assert(sizeof(HalfWindow) == 28 && std::is_trivially_copyable_v<HalfWindow>);

namespace {

template <class Digit>
using Digits = std::array<Digit, 5>;

// Wide enough for the sum of two digits and a carry.
template <class Digit>
using Twice = std::conditional_t<sizeof(Digit) == 8, Uint128, std::uint64_t>;

// digits << count modulo 2^bits, count >= 0; from `bits` on nothing is left.
template <class Digit>
Digits<Digit> shifted(const Digits<Digit>& digits, int count) {
  constexpr unsigned width = BasicWindow<Digit>::digit_bits;
  const auto whole = static_cast<std::size_t>(static_cast<unsigned>(count) / width);
  const unsigned part = static_cast<unsigned>(count) % width;
  Digits<Digit> result{};
  for (std::size_t i = whole; i < digits.size(); ++i) {
    result[i] = digits[i - whole] << part;
    if (part != 0 && i > whole) result[i] |= digits[i - whole - 1] >> (width - part);
  }
  return result;
}

template <class Digit>
void add(Digits<Digit>& into, const Digits<Digit>& from) {
  Twice<Digit> carry = 0;
  for (std::size_t i = 0; i < into.size(); ++i) {
    carry += static_cast<Twice<Digit>>(into[i]) + from[i];
    into[i] = static_cast<Digit>(carry);
    carry >>= static_cast<unsigned>(BasicWindow<Digit>::digit_bits);
  }
}

template <class Digit>
Digits<Digit> negated(Digits<Digit> digits) {
  for (Digit& digit : digits) digit = ~digit;
  add(digits, {1});
  return digits;
}

// The bits of a sum from place `low` on, modulo 2^bits. Digits above the sum's end are its sign.
template <class Digit>
Digits<Digit> digits_from(const ExactSum& sum, int low) {
  const auto words = sum.words();
  const int first = low / ExactSum::digit_bits;
  const auto skip = static_cast<unsigned>(low % ExactSum::digit_bits);
  const auto digit = [&](int i) -> std::uint64_t {
    if (i >= sum.end_digit()) return sum.is_negative() ? 0xffffffffU : 0;
    return static_cast<std::uint64_t>(words[static_cast<std::size_t>(i)]) & 0xffffffffU;
  };
  const auto bits = [&](int i) {  // 32 of them
    return (digit(i) | digit(i + 1) << 32U) >> skip & 0xffffffffU;
  };
  constexpr int step = BasicWindow<Digit>::digit_bits / ExactSum::digit_bits;
  Digits<Digit> result{};
  for (int i = 0; i < 5; ++i) {
    std::uint64_t value = bits(first + step * i);
    if constexpr (step == 2) value |= bits(first + 2 * i + 1) << 32U;
    result[static_cast<std::size_t>(i)] = static_cast<Digit>(value);
  }
  return result;
}

// After the highest bit that the sum in two's complement needs, sign included.
int end_bit(const ExactSum& sum) {
  const std::int64_t top = sum.words()[static_cast<std::size_t>(sum.end_digit() - 1)];
  const auto magnitude = static_cast<std::uint64_t>(top < 0 ? ~top : top);
  return ExactSum::digit_bits * (sum.end_digit() - 1) + static_cast<int>(std::bit_width(magnitude)) + 1;
}

}  // namespace

template <class AnyWindow>
AnyWindow make_window(const ExactSum& sum, int headroom) {
  AnyWindow window;
  window.specials = sum.special();
  if (sum.end_digit() == 0) return window;
  const auto lowest = static_cast<std::uint64_t>(sum.words()[static_cast<std::size_t>(sum.first_digit())]);
  const int low = ExactSum::digit_bits * sum.first_digit() + std::countr_zero(lowest);
  window.low = static_cast<std::int16_t>(low);
  window.high = static_cast<std::int16_t>(end_bit(sum) + headroom);
  if (fits(window)) window.digits = digits_from<typename decltype(window.digits)::value_type>(sum, low);
  return window;
}

template <class Digit>
void merge(BasicWindow<Digit>& into, const BasicWindow<Digit>& from) {
  BasicWindow<Digit> result;
  result.specials = canonical(into.specials | from.specials);
  if (result.specials == finite) {
    result.low = std::min(into.low, from.low);
    result.high = std::max(into.high, from.high);
    if (result.low < result.high && fits(result)) {
      result.digits = shifted(into.digits, into.low - result.low);
      add(result.digits, shifted(from.digits, from.low - result.low));
    }
  }
  into = result;
}

template <class Digit>
ExactSum to_sum(const BasicWindow<Digit>& window) {
  if (!fits(window))
    throw InternalError(text("exact window: ", window.high - window.low, " bits do not fit ", window.bits,
                             "; send the words of the sum instead"));
  constexpr int width = BasicWindow<Digit>::digit_bits;
  const bool negative = window.digits.back() >> static_cast<unsigned>(width - 1) != 0;
  const Digits<Digit> magnitude = negative ? negated(window.digits) : window.digits;
  ExactSum sum;
  Batch batch(sum);
  batch.mark(window.specials);
  for (std::size_t i = 0; i < magnitude.size(); ++i)
    batch.add(std::uint64_t{magnitude[i]}, negative,
              ExactSum::lowest_bit + window.low + width * static_cast<int>(i));
  batch.finish();
  return sum;
}

Window window_of(const Term& value, int headroom) {
  Window window;
  window.specials = value.special;
  if (value.magnitude == 0 || value.special != finite) return window;
  const int zeros = std::countr_zero(value.magnitude);
  const std::uint64_t bits = value.magnitude >> static_cast<unsigned>(zeros);
  const int low = value.exponent + zeros - ExactSum::lowest_bit;
  const int width = static_cast<int>(std::bit_width(value.negative ? bits - 1 : bits)) + 1;  // with sign
  window.low = static_cast<std::int16_t>(low);
  window.high = static_cast<std::int16_t>(low + width + headroom);
  if (value.negative) window.digits.fill(~std::uint64_t{0});
  window.digits[0] = value.negative ? 0 - bits : bits;
  return window;
}

double round(const Window& window) {
  if (window.specials != finite) return special_value(static_cast<Special>(window.specials));
  const bool negative = window.digits.back() >> 63U != 0;
  const Digits<std::uint64_t> magnitude = negative ? negated(window.digits) : window.digits;
  std::size_t top = magnitude.size() - 1;
  while (top > 0 && magnitude[top] == 0) --top;
  if (magnitude[top] == 0) return 0;
  const auto digit = [&](std::size_t below) { return below <= top ? magnitude[top - below] : 0; };
  const auto shift = static_cast<unsigned>(std::countl_zero(digit(0)));
  const Uint128 upper = Uint128{digit(0)} << 64U | digit(1);
  const Uint128 bits = shift == 0 ? upper : upper << shift | digit(2) >> (64U - shift);
  bool sticky = (digit(2) << shift) != 0;
  for (std::size_t i = 3; i <= top; ++i) sticky = sticky || digit(i) != 0;
  const int exponent =
      ExactSum::lowest_bit + window.low + 64 * (static_cast<int>(top) - 1) - static_cast<int>(shift);
  return round(Leading{bits, exponent, negative, sticky});
}

template Window make_window<Window>(const ExactSum&, int);
template HalfWindow make_window<HalfWindow>(const ExactSum&, int);
template void merge(Window&, const Window&);
template void merge(HalfWindow&, const HalfWindow&);
template ExactSum to_sum(const Window&);
template ExactSum to_sum(const HalfWindow&);

}  // namespace tutti::exact

#include "tutti/exact/window.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/exact/batch.hpp"

namespace tutti::exact {

static_assert(sizeof(Window) == 48 && std::is_trivially_copyable_v<Window>);

namespace {

using Digits = std::array<std::uint64_t, 5>;

// digits << count modulo 2^320, count >= 0; from 320 on nothing is left.
Digits shifted(const Digits& digits, int count) {
  const auto words = static_cast<std::size_t>(count) / 64;
  const auto bits = static_cast<unsigned>(count) % 64;
  Digits result{};
  for (std::size_t i = words; i < digits.size(); ++i) {
    result[i] = digits[i - words] << bits;
    if (bits != 0 && i > words) result[i] |= digits[i - words - 1] >> (64 - bits);
  }
  return result;
}

void add(Digits& into, const Digits& from) {
  Uint128 carry = 0;
  for (std::size_t i = 0; i < into.size(); ++i) {
    carry += static_cast<Uint128>(into[i]) + from[i];
    into[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64U;
  }
}

Digits negated(Digits digits) {
  for (std::uint64_t& digit : digits) digit = ~digit;
  add(digits, {1});
  return digits;
}

// The bits of a sum from place `low` on, modulo 2^320. Digits above the sum's end are its sign.
Digits digits_from(const ExactSum& sum, int low) {
  const auto words = sum.words();
  Digits result{};
  const int first = low / ExactSum::digit_bits;
  const auto skip = static_cast<unsigned>(low % ExactSum::digit_bits);
  const auto digit = [&](int i) -> std::uint64_t {
    if (i >= sum.end_digit()) return sum.is_negative() ? 0xffffffffU : 0;
    return static_cast<std::uint64_t>(words[static_cast<std::size_t>(i)]) & 0xffffffffU;
  };
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t lower = digit(first + 2 * i) | digit(first + 2 * i + 1) << 32U;
    result[static_cast<std::size_t>(i)] =
        skip == 0 ? lower : lower >> skip | digit(first + 2 * i + 2) << (64 - skip);
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

Window make_window(const ExactSum& sum, int headroom) {
  Window window;
  window.specials = sum.special();
  if (sum.end_digit() == 0) return window;
  const auto lowest = static_cast<std::uint64_t>(sum.words()[static_cast<std::size_t>(sum.first_digit())]);
  const int low = ExactSum::digit_bits * sum.first_digit() + std::countr_zero(lowest);
  window.low = static_cast<std::int16_t>(low);
  window.high = static_cast<std::int16_t>(end_bit(sum) + headroom);
  if (fits(window)) window.digits = digits_from(sum, low);
  return window;
}

void merge(Window& into, const Window& from) {
  Window result;
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

bool fits(const Window& window) { return window.high - window.low <= Window::bits; }

ExactSum to_sum(const Window& window) {
  if (!fits(window))
    throw InternalError(text("exact window: ", window.high - window.low, " bits do not fit ", Window::bits,
                             "; send the words of the sum instead"));
  const bool negative = window.digits.back() >> 63U != 0;
  const Digits magnitude = negative ? negated(window.digits) : window.digits;
  ExactSum sum;
  Batch batch(sum);
  batch.mark(window.specials);
  for (std::size_t i = 0; i < magnitude.size(); ++i)
    batch.add(magnitude[i], negative, ExactSum::lowest_bit + window.low + 64 * static_cast<int>(i));
  batch.finish();
  return sum;
}

}  // namespace tutti::exact

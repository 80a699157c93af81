// Many terms into an ExactSum with one carry pass at the end.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tutti/core/text.hpp"
#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/term.hpp"

namespace tutti::exact {

/// From its first add to finish() the digits of the sum are not canonical, and nobody else may use the sum.
/// Each add changes a digit by less than 2^33: at most 2^29 adds before finish().
class Batch {
 public:
  explicit Batch(ExactSum& total) : total_(total) {}

  /// Makes the sum canonical. The batch is then as new.
  void finish() {
    if (first_ < end_) total_.settle(first_, end_);
    if ((specials_ | total_.special()) != finite) total_.mark(specials_);
    first_ = ExactSum::digits;
    end_ = 0;
    specials_ = finite;
  }

  void mark(std::uint8_t specials) { specials_ = static_cast<std::uint8_t>(specials_ | specials); }

  /// Adds (-1)^negative * magnitude * 2^exponent, exponent >= -2176 and the highest bit below 2^2144.
  void add(std::uint64_t magnitude, bool negative, int exponent) {
    if (magnitude == 0) return;
    const int bit = exponent - ExactSum::lowest_bit;
    const Uint128 shifted = static_cast<Uint128>(magnitude) << (static_cast<unsigned>(bit) % 32U);
    const std::int64_t sign = negative ? -1 : 0;
    std::int64_t* digit = reach(bit / 32, 3);
    digit[0] += signed_digit(static_cast<std::uint64_t>(shifted) & low_half, sign);
    digit[1] += signed_digit(static_cast<std::uint64_t>(shifted) >> 32U, sign);
    digit[2] += signed_digit(static_cast<std::uint64_t>(shifted >> 64U), sign);
  }
  void add(Uint128 magnitude, bool negative, int exponent) {
    if (magnitude == 0) return;
    const int bit = exponent - ExactSum::lowest_bit;
    const unsigned shift = static_cast<unsigned>(bit) % 32U;
    const Uint128 lower = static_cast<Uint128>(static_cast<std::uint64_t>(magnitude)) << shift;
    const Uint128 upper = (magnitude >> 64U) << shift;
    const std::int64_t sign = negative ? -1 : 0;
    std::int64_t* digit = reach(bit / 32, 5);
    digit[0] += signed_digit(static_cast<std::uint64_t>(lower) & low_half, sign);
    digit[1] += signed_digit(static_cast<std::uint64_t>(lower) >> 32U, sign);
    digit[2] += signed_digit(
        static_cast<std::uint64_t>(lower >> 64U) + (static_cast<std::uint64_t>(upper) & low_half), sign);
    digit[3] += signed_digit(static_cast<std::uint64_t>(upper) >> 32U, sign);
    digit[4] += signed_digit(static_cast<std::uint64_t>(upper >> 64U), sign);
  }
  void add(Int128 value, int exponent) {
    const auto bits = static_cast<Uint128>(value);
    add(value < 0 ? 0 - bits : bits, value < 0, exponent);
  }
  void add(std::int64_t value, int exponent) {
    const auto bits = static_cast<std::uint64_t>(value);
    add(value < 0 ? 0 - bits : bits, value < 0, exponent);
  }
  void add(const Term& term) {
    if (term.special != finite) return mark(term.special);
    add(term.magnitude, term.negative, term.exponent);
  }
  void add(const Product& product) {
    if (product.special != finite) return mark(product.special);
    add(product.magnitude, product.negative, product.exponent);
  }

 private:
  static constexpr std::uint64_t low_half = 0xffffffffU;

  static std::int64_t signed_digit(std::uint64_t digit, std::int64_t sign) {
    return (static_cast<std::int64_t>(digit) ^ sign) - sign;
  }
  std::int64_t* reach(int first, int count) {
    first_ = std::min(first_, first);
    end_ = std::max(end_, first + count);
    return total_.words_.data() + first;
  }

  ExactSum& total_;
  int first_ = ExactSum::digits;
  int end_ = 0;
  std::uint8_t specials_ = finite;
};

}  // namespace tutti::exact

#include "tutti/exact/natural.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "tutti/core/integer.hpp"
#include "tutti/core/random.hpp"

namespace tutti::exact {
namespace {

Uint128 random_bits(Index i, unsigned width) {
  const Random random(3);
  const Uint128 bits = static_cast<Uint128>(random.bits(i)) << 64U | random.bits(i, 1);
  return width == 0 ? 0 : bits >> (128 - width);
}

TEST(Natural, MultipliesAndSubtractsAs128Bits) {
  for (unsigned width = 0; width <= 64; ++width) {
    const Uint128 a = random_bits(width, width);
    const Uint128 b = random_bits(width + 100, 64 - width);
    EXPECT_EQ(Natural(a) * Natural(b), Natural(a * b));
    EXPECT_EQ(Natural(a * b + b) - Natural(b), Natural(a * b));
    EXPECT_EQ(Natural(a) <=> Natural(b), a <=> b);
  }
  EXPECT_TRUE((Natural(5) - Natural(5)).is_zero());
}

TEST(Natural, KnowsItsBits) {
  const Natural ten(10);
  EXPECT_EQ(ten.width(), 4);
  EXPECT_EQ(Natural().width(), 0);
  EXPECT_TRUE(ten.bit(3) && !ten.bit(2) && ten.bit(1) && !ten.bit(0) && !ten.bit(-1) && !ten.bit(400));
  EXPECT_TRUE(ten.any_bit_below(2) && !ten.any_bit_below(1) && ten.any_bit_below(1000) &&
              !ten.any_bit_below(-5));
  EXPECT_EQ(Natural(7).shifted_by_digits(2), Natural(static_cast<Uint128>(7) << 64U));
  EXPECT_TRUE(Natural(1).shifted_by_digits(3).any_bit_below(97));
  EXPECT_FALSE(Natural(1).shifted_by_digits(3).any_bit_below(96));
}

TEST(Natural, QuotientsAreRoundedAsIeee754Divides) {
  for (Index i = 0; i < 2000; ++i) {
    const auto a = static_cast<double>(static_cast<std::uint64_t>(random_bits(i, 53)));
    const auto b = static_cast<double>(
                       static_cast<std::uint64_t>(random_bits(i + 5000, 1 + static_cast<unsigned>(i % 53)))) +
                   1;
    const double quotient =
        round_quotient(i % 2 == 1, Natural(static_cast<Uint128>(a)), 0, static_cast<Uint128>(b));
    EXPECT_EQ(quotient, i % 2 == 1 ? -a / b : a / b) << a << " / " << b;
  }
}

TEST(Natural, QuotientsBreakTiesByTheLastBit) {
  const Uint128 tie = (static_cast<Uint128>(1) << 53U) + 1;  // 2^53 is even, so the tie goes down
  const double below = 0x1p53;
  const double above = 0x1p53 + 2;
  EXPECT_EQ(round_quotient(false, Natural(tie), 0, 1), below);
  EXPECT_EQ(round_quotient(false, Natural(tie << 20U), -20, 1), below);
  EXPECT_EQ(round_quotient(false, Natural((tie << 20U) + 1), -20, 1), above)
      << "by a bit not divided any more";
  EXPECT_EQ(round_quotient(false, Natural((tie << 10U) * 3), -10, 3), below);
  EXPECT_EQ(round_quotient(false, Natural((tie << 10U) * 3 + 1), -10, 3), above) << "by the remainder";
  EXPECT_EQ(round_quotient(false, Natural((tie << 10U) * 3 - 1), -10, 3), below);
}

TEST(Natural, ShiftsAreProducts) {
  for (const int count : {0, 1, 31, 32, 33, 63, 64, 95})
    for (const unsigned width : {1U, 17U, 32U, 64U, 127U}) {
      const Natural value(random_bits(count, width));
      const Natural power = Natural(static_cast<Uint128>(1) << static_cast<unsigned>(count));
      EXPECT_EQ(value.shifted(count), value * power) << count;
    }
  EXPECT_TRUE(Natural().shifted(40).is_zero());
}

TEST(Natural, QuotientsByLongNumbersAreThoseByShortOnes) {
  for (Index i = 0; i < 2000; ++i) {
    const Natural a =
        Natural(random_bits(i, 1 + static_cast<unsigned>(i % 127))).shifted(static_cast<int>(i % 200));
    const Uint128 b = random_bits(i + 7000, 1 + static_cast<unsigned>(i % 101)) + 1;
    const int exponent = static_cast<int>(i % 2200) - 1300;
    const double expected = round_quotient(i % 2 == 1, a, exponent, b);
    EXPECT_EQ(round_quotient(i % 2 == 1, a, exponent, Natural(b)), expected);
    // The same quotient of numbers that no 128 bits hold.
    const Natural factor = Natural(random_bits(i, 100)).shifted(300) - Natural(1);
    EXPECT_EQ(round_quotient(i % 2 == 1, a * factor, exponent, Natural(b) * factor), expected);
  }
}

TEST(Natural, QuotientsAtTheEnds) {
  const Uint128 most = static_cast<Uint128>(1) << 127U;
  EXPECT_EQ(round_quotient(false, Natural(most), 0, most), 1);
  EXPECT_EQ(round_quotient(false, Natural(1), 0, most), 0x1p-127);
  EXPECT_EQ(round_quotient(false, Natural(1), 1023, 1), 0x1p1023);
  EXPECT_EQ(round_quotient(true, Natural(1), 1024, 1), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(round_quotient(false, Natural(3), -1075, 1), 0x1p-1073) << "a tie of subnormal numbers";
  EXPECT_EQ(round_quotient(false, Natural(1), -1074, 3), 0);
  EXPECT_EQ(round_quotient(false, Natural(2), -1074, 3), 0x1p-1074);
  EXPECT_EQ(round_quotient(false, Natural(), 0, 3), 0);
}

}  // namespace
}  // namespace tutti::exact

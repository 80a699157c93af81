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

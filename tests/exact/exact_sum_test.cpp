#include "tutti/exact/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "terms.hpp"

namespace tutti {
namespace {

using exact::Family;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = 0x1p-1074;
constexpr std::int64_t lowest_integer = std::numeric_limits<std::int64_t>::min();

ExactSum sum_of(std::initializer_list<double> values) { return exact::plain_sum(values); }

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

TEST(ExactSum, OfNothingIsPositiveZero) {
  EXPECT_EQ(bits(ExactSum().round()), bits(0.0));
  EXPECT_EQ(bits(sum_of({-0.0, -0.0}).round()), bits(0.0));
  EXPECT_EQ(bits(sum_of({1e300, -1e300}).round()), bits(0.0));
  EXPECT_TRUE(sum_of({1e300, -1e300}).is_zero());
  EXPECT_EQ(sum_of({1e300, 3, -1e300, -3}), ExactSum());
}

TEST(ExactSum, KeepsWhatFloatingPointLoses) {
  EXPECT_EQ(sum_of({1e300, 1, -1e300}).round(), 1.0);
  EXPECT_EQ(sum_of({smallest, largest, -largest}).round(), smallest);
  EXPECT_EQ(sum_of({largest, largest, -largest}).round(), largest);
}

TEST(ExactSum, RoundsHalfToEven) {
  EXPECT_EQ(sum_of({1, 0x1p-53}).round(), 1.0);
  EXPECT_EQ(sum_of({1, 0x1p-53, smallest}).round(), 1 + 0x1p-52);
  EXPECT_EQ(sum_of({1 + 0x1p-52, 0x1p-53}).round(), 1 + 0x1p-51);
  EXPECT_EQ(sum_of({1 + 0x1p-52, 0x1p-53, -smallest}).round(), 1 + 0x1p-52);
  EXPECT_EQ(sum_of({-1, -0x1p-53}).round(), -1.0);
  EXPECT_EQ(sum_of({-1, -0x1p-53, -smallest}).round(), -1 - 0x1p-52);
}

TEST(ExactSum, BecomesInfiniteFromTheMiddleAboveTheLargest) {
  EXPECT_EQ(sum_of({largest, 0x1p969}).round(), largest);
  EXPECT_EQ(sum_of({largest, 0x1p970}).round(), inf);  // the tie goes to even, which is 2^1024
  EXPECT_EQ(sum_of({largest, 0x1p970, -smallest}).round(), largest);
  EXPECT_EQ(sum_of({-largest, -0x1p970}).round(), -inf);
  EXPECT_FALSE(sum_of({largest, largest}).has_special());
}

TEST(ExactSum, RoundsProductsToSubnormalNumbers) {
  ExactSum sum;
  sum.add_product(0x1p-538, 0x1p-537);  // 2^-1075: half the smallest
  EXPECT_EQ(bits(sum.round()), bits(0.0));
  sum.add_product(smallest, smallest);
  EXPECT_EQ(sum.round(), smallest);
  sum.negate();
  EXPECT_EQ(sum.round(), -smallest);
  sum.add_product(0x1p-538, 0x1p-538);
  EXPECT_EQ(bits(sum.round()), bits(-0.0)) << "nonzero below zero, rounded";
}

TEST(ExactSum, TakesAnyNumberAtItsExactValue) {
  ExactSum sum;
  sum.add(lowest_integer);
  sum.add(std::numeric_limits<std::uint64_t>::max());
  sum.add(0.5F);
  sum.add(short{-3});
  EXPECT_EQ(sum.round(), 0x1p63);
  sum.subtract(0x1p63);
  EXPECT_EQ(sum.round(), -3.5);
  sum.add_product(lowest_integer, 0.5);
  sum.add_product(0x1p62F, 1U);
  EXPECT_EQ(sum.round(), -3.5);
}

TEST(ExactSum, SpecialValuesAbsorbAllElse) {
  EXPECT_EQ(sum_of({1, inf, 2}).round(), inf);
  EXPECT_EQ(sum_of({1, -inf}), sum_of({-inf, 7, -inf}));
  EXPECT_EQ(bits(sum_of({inf, -inf}).round()), 0x7ffULL << 52U | 1ULL << 51U);
  EXPECT_EQ(sum_of({inf, -inf}), sum_of({-nan, 3}));
  EXPECT_EQ(sum_of({nan, inf}), sum_of({nan}));
  ExactSum sum;
  sum.add_product(inf, -2.0);
  EXPECT_EQ(sum.round(), -inf);
  EXPECT_TRUE(sum.is_negative());
  sum.negate();
  EXPECT_EQ(sum.round(), inf);
  sum.add_product(0, inf);
  EXPECT_TRUE(std::isnan(sum.round()));
  sum.add(5);
  EXPECT_EQ(sum, sum_of({nan}));
  ExactSum difference = sum_of({inf});
  difference -= sum_of({inf});
  EXPECT_TRUE(std::isnan(difference.round()));
}

TEST(ExactSum, EqualValuesHaveEqualBytes) {
  for (const Family family : exact::families) {
    auto values = exact::terms(family, 100);
    const ExactSum sum = exact::plain_sum(values);
    std::reverse(values.begin(), values.end());
    EXPECT_EQ(exact::plain_sum(values), sum);
    std::sort(values.begin(), values.end());
    EXPECT_EQ(exact::plain_sum(values).to_bytes(), sum.to_bytes());
    ExactSum left = exact::plain_sum({values.begin(), values.begin() + 37});
    left += exact::plain_sum({values.begin() + 37, values.end()});
    EXPECT_EQ(left, sum);
    left -= sum;
    EXPECT_EQ(left, ExactSum());
  }
}

TEST(ExactSum, DigitsAreCanonical) {
  for (const Family family : exact::families)
    for (std::size_t n = 1; n < 40; ++n) {
      const ExactSum sum = exact::plain_sum(exact::terms(family, n));
      const auto words = sum.words();
      for (int i = 0; i < ExactSum::digits; ++i) {
        const std::int64_t word = words[static_cast<std::size_t>(i)];
        if (i < sum.first_digit() || i >= sum.end_digit())
          EXPECT_EQ(word, 0);
        else if (i + 1 < sum.end_digit())
          EXPECT_TRUE(word >= 0 && word >> 32U == 0) << word;
        else
          EXPECT_TRUE(word != 0 && std::abs(word) >> 32U == 0) << word;
      }
      if (sum.is_zero()) continue;
      EXPECT_NE(words[static_cast<std::size_t>(sum.first_digit())], 0);
      const auto top = static_cast<std::size_t>(sum.end_digit() - 1);
      EXPECT_FALSE(words[top] == -1 && top > 0 && words[top - 1] != 0);
    }
}

TEST(ExactSum, SmallSumsOfEitherSignOccupyFewDigits) {
  const ExactSum sum = sum_of({-1.5});
  EXPECT_LE(sum.end_digit() - sum.first_digit(), 2);
  EXPECT_LE(sum.to_bytes().size(), 16U);
}

TEST(ExactSum, MergesWithItself) {
  ExactSum sum = sum_of({-1e-300, 3, 1e300});
  sum += sum;
  EXPECT_EQ(sum, sum_of({-2e-300, 6, 2e300}));
  const ExactSum& itself = sum;
  sum -= itself;
  EXPECT_EQ(sum, ExactSum());
}

TEST(ExactSum, WordsOfManyRanksAddUp) {
  const ExactSum part = sum_of({-1e-300, 0x1.fffffffffffffp+40, -3});
  std::array<std::int64_t, ExactSum::word_count> words{};
  constexpr std::int64_t ranks = std::int64_t{1} << 31U;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = ranks * part.words()[i];
  ExactSum expected;
  expected.add_product(-1e-300, ranks);
  expected.add_product(0x1.fffffffffffffp+40, ranks);
  expected.add_product(-3, ranks);
  EXPECT_EQ(ExactSum::from_words(words), expected);
  words[ExactSum::digits] = ranks;  // each rank had a NaN
  EXPECT_EQ(ExactSum::from_words(words), sum_of({nan}));
  words = {};
  words[ExactSum::digits + 1] = 3;
  words[ExactSum::digits + 2] = 1;
  EXPECT_EQ(ExactSum::from_words(words), sum_of({nan})) << "infinities of both signs";
  words = {};
  words[ExactSum::digits - 1] = 1;
  EXPECT_THROW(ExactSum::from_words(words), InternalError);
}

}  // namespace
}  // namespace tutti

#include "tutti/exact/statistics.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "terms.hpp"

namespace tutti::exact {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double largest = std::numeric_limits<double>::max();

ExactSum squares(const std::vector<double>& values) {
  ExactSum sum;
  for (const double value : values) sum.add_product(value, value);
  return sum;
}

double variance_of(const std::vector<double>& x, Index ddof = 0) {
  return variance(plain_sum(x), squares(x), static_cast<Index>(x.size()), ddof);
}

TEST(Statistics, MeanIsRoundedOnce) {
  EXPECT_EQ(mean(plain_sum({1, 2}), 2), 1.5);
  EXPECT_EQ(mean(plain_sum({1}), 3), 1.0 / 3);
  EXPECT_EQ(mean(plain_sum({-1}), 10), -0.1);
  EXPECT_EQ(mean(plain_sum({largest, largest, largest}), 3), largest)
      << "the sum itself is too large for a double";
  EXPECT_EQ(mean(plain_sum({0x1p-1074, 0x1p-1073}), 2), 0x1p-1073) << "1.5 of the smallest: tie to even";
  EXPECT_EQ(mean(plain_sum({0x1p-1074}), std::numeric_limits<Index>::max()), 0);
  EXPECT_EQ(mean(plain_sum({0x1p62}), Index{1} << 62), 1.0);
}

TEST(Statistics, OfNothingAndOfSpecials) {
  EXPECT_TRUE(std::isnan(mean(ExactSum(), 0)));
  EXPECT_TRUE(std::isnan(mean(ExactSum(), -1)));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(mean(plain_sum({1, -1}), 2)), 0U);
  EXPECT_EQ(mean(plain_sum({1, -inf}), 2), -inf);
  EXPECT_TRUE(std::isnan(mean(plain_sum({inf, -inf}), 2)));
  EXPECT_TRUE(std::isnan(variance_of({})));
  EXPECT_TRUE(std::isnan(variance_of({1, inf})));
  EXPECT_TRUE(std::isnan(variance_of({1}, 1)));
  EXPECT_TRUE(std::isnan(variance_of({1, 2}, 3)));
}

TEST(Statistics, QuotientIsRoundedOnce) {
  EXPECT_EQ(quotient(plain_sum({1}), plain_sum({3})), 1.0 / 3);
  EXPECT_EQ(quotient(plain_sum({-1}), plain_sum({10})), -0.1);
  EXPECT_EQ(quotient(plain_sum({1}), plain_sum({-10})), -0.1);
  EXPECT_EQ(quotient(plain_sum({largest, largest}), plain_sum({1, 1})), largest);
  EXPECT_EQ(quotient(plain_sum({0x1p-1074}), plain_sum({2})), 0) << "a tie at the smallest";
  EXPECT_EQ(quotient(plain_sum({0x1p-1073, 0x1p-1074}), plain_sum({2})), 0x1p-1073);
  EXPECT_EQ(quotient(plain_sum({largest}), plain_sum({0.5})), inf);
  EXPECT_EQ(quotient(plain_sum({largest}), plain_sum({largest, 0x1p-1074})), 1);
  EXPECT_EQ(quotient(plain_sum({1, 0x1p-54, 0x1p-200}), plain_sum({1})), 1);
  EXPECT_EQ(quotient(plain_sum({1, 0x1p-53, 0x1p-200}), plain_sum({1})), 1 + 0x1p-52);
}

TEST(Statistics, QuotientOfSpecials) {
  EXPECT_EQ(quotient(plain_sum({inf}), plain_sum({-3})), -inf);
  EXPECT_EQ(quotient(plain_sum({-inf}), plain_sum({-3})), inf);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(quotient(ExactSum(), plain_sum({-3}))), 0U);
  for (const double below : {0.0, inf, -inf, nan})
    for (const double above : {0.0, 1.0, inf, nan})
      EXPECT_EQ(std::bit_cast<std::uint64_t>(quotient(plain_sum({above}), plain_sum({below}))),
                0x7ffULL << 52U | 1ULL << 51U);
}

TEST(Statistics, VarianceDoesNotCancel) {
  EXPECT_EQ(variance_of({1, 2, 3, 4}), 1.25);
  EXPECT_EQ(variance_of({1, 2, 3, 4}, 1), 5.0 / 3);
  EXPECT_EQ(variance_of({1e9, 1e9 + 1}), 0.25);
  EXPECT_EQ(variance_of({0x1p52, 0x1p52 + 1}), 0.25);
  EXPECT_EQ(variance_of({5, 5, 5}), 0);
  EXPECT_EQ(variance_of({7}), 0);
  EXPECT_EQ(variance_of({largest, -largest}), inf);
  EXPECT_EQ(variance_of({0x1p-537, -0x1p-537}), 0x1p-1074);
  EXPECT_EQ(variance_of({0x1p-600, -0x1p-600}), 0);
  EXPECT_EQ(variance_of({1, 3}, -2), 0.5) << "a negative ddof is only a larger divisor";
  EXPECT_EQ(variance(ExactSum(), plain_sum({1}), 1, std::numeric_limits<Index>::min()), 0x1p-63);
}

TEST(Statistics, SquareRootIsCorrectlyRounded) {
  EXPECT_EQ(square_root(ExactSum()), 0);
  EXPECT_EQ(square_root(plain_sum({4})), 2);
  EXPECT_EQ(square_root(plain_sum({2})), std::sqrt(2.0));
  EXPECT_EQ(square_root(squares({largest})), largest);
  EXPECT_EQ(square_root(squares({largest, largest})), inf);
  EXPECT_EQ(square_root(squares({0x1p-1074})), 0x1p-1074);
  EXPECT_EQ(square_root(squares({0x1p-1074, 0x1p-1074})), 0x1p-1074) << "1.41 of the smallest";
  EXPECT_EQ(square_root(squares({0x3p600, 0x4p600})), 0x5p600);
  EXPECT_TRUE(std::isnan(square_root(plain_sum({-1}))));
  EXPECT_TRUE(std::isnan(square_root(plain_sum({-inf}))));
  EXPECT_TRUE(std::isnan(square_root(plain_sum({nan}))));
  EXPECT_EQ(square_root(plain_sum({inf})), inf);
  // IEEE 754's own square root is correctly rounded: they agree on doubles.
  for (const Family family : {Family::any_finite, Family::narrow, Family::subnormal})
    for (const double x : terms(family, 2000))
      EXPECT_EQ(square_root(plain_sum({std::abs(x)})), std::sqrt(std::abs(x)));
}

TEST(Statistics, SquareRootOfNearlySquares) {
  for (const double x : terms(Family::one_binade, 500)) {
    ExactSum sum = squares({x});
    EXPECT_EQ(square_root(sum), x);
    sum.add(0x1p-1074);
    EXPECT_EQ(square_root(sum), x);
    // (x + half its last bit)^2 is where rounding turns: the tie itself, a little below and above it.
    ExactSum turn = squares({x});
    turn.add_product(x, 0x1p-52);
    turn.add(0x1p-106);
    const bool even = (std::bit_cast<std::uint64_t>(x) & 1U) == 0;
    const double above = std::nextafter(x, inf);
    EXPECT_EQ(square_root(turn), even ? x : above);
    for (const int place : {-107, -120, -125, -126, -127, -128, -129, -160, -161, -400, -1074}) {
      ExactSum more = turn;
      more.add(std::ldexp(1.0, place));
      EXPECT_EQ(square_root(more), above) << place;
      ExactSum less = turn;
      less.subtract(std::ldexp(1.0, place));
      EXPECT_EQ(square_root(less), x) << place;
    }
  }
}

}  // namespace
}  // namespace tutti::exact

#include "tutti/exact/window.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "terms.hpp"

namespace tutti::exact {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

ExactSum sum_of(double value) { return plain_sum({value}); }

Window merged(Window a, const Window& b) {
  merge(a, b);
  return a;
}

/// Sums of every kind: usual, zero, wide, far apart, negative, special.
std::vector<ExactSum> some_sums() {
  std::vector<ExactSum> sums{ExactSum(),         sum_of(1),      sum_of(-1),     sum_of(1e-300),
                             sum_of(-1e300),     sum_of(inf),    sum_of(-inf),   sum_of(nan),
                             sum_of(-0x1p-1074), sum_of(0x1p31), sum_of(-0x1p32)};
  for (const Family family : families)
    for (std::size_t n : {1U, 2U, 5U, 50U}) sums.push_back(plain_sum(terms(family, n, n)));
  return sums;
}

TEST(Window, HoldsASumThatFits) {
  for (const ExactSum& sum : some_sums()) {
    const Window window = make_window(sum, 3);
    if (fits(window)) {
      EXPECT_EQ(to_sum(window), sum);
    }
  }
  for (const Family family : {Family::normal, Family::narrow, Family::sparse, Family::one_binade})
    EXPECT_TRUE(fits(make_window(plain_sum(terms(family, 1000)), 10))) << "usual data";
}

// One number a rank, as sum(world, x) sends it; and rounding without the way through an ExactSum.
TEST(Window, OfANumberIsThatOfItsSum) {
  std::mt19937_64 random(7);
  std::vector<double> values{0.0,
                             -0.0,
                             1.0,
                             -1.0,
                             0x1p-1074,
                             -0x1p-1074,
                             0x1.fffffffffffffp+1023,
                             -0x1p-1022,
                             -8.0,
                             0.1,
                             std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()};
  for (int i = 0; i < 10000; ++i) values.push_back(std::bit_cast<double>(random()));
  for (const double value : values) {
    ExactSum sum;
    sum.add(value);
    EXPECT_EQ(exact::window_of(value, 3), exact::make_window(sum, 3)) << value;
  }
}

TEST(Window, RoundsAsTheSumThatItStandsFor) {
  std::mt19937_64 random(11);
  const auto number = [&](int spread) {
    const int exponent = static_cast<int>(random() % static_cast<unsigned>(2 * spread + 1)) - spread;
    return std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())), exponent);
  };
  int compared = 0;
  for (const int center : {0, 900, -1100})
    for (int i = 0; i < 20000; ++i) {
      exact::Window window;
      ExactSum sum;
      const int terms = 1 + static_cast<int>(random() % 4);
      for (int k = 0; k < terms; ++k) {
        double term = std::ldexp(number(80), center);
        if (k == 1 && i % 3 == 0) term = -sum.round();  // what cancels leaves a tie, or little, or nothing
        sum.add(term);
        exact::merge(window, exact::window_of(term, 3));
      }
      if (!exact::fits(window)) continue;
      ++compared;
      const double rounded = exact::round(window);
      ASSERT_EQ(std::bit_cast<std::uint64_t>(rounded), std::bit_cast<std::uint64_t>(sum.round())) << rounded;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(rounded),
                std::bit_cast<std::uint64_t>(exact::to_sum(window).round()));
    }
  EXPECT_GT(compared, 30000);
}

TEST(Window, IsAsTightAsTheBits) {
  const Window one = make_window(sum_of(1), 0);
  EXPECT_EQ(one.low, -ExactSum::lowest_bit);
  EXPECT_EQ(one.high - one.low, 2) << "a bit and a sign";
  const Window minus_one = make_window(sum_of(-1), 5);
  EXPECT_EQ(minus_one.high - minus_one.low, 1 + 5);
  ExactSum widest = sum_of(1);
  widest.add(0x1p-318);
  EXPECT_TRUE(fits(make_window(widest, 0)));
  EXPECT_EQ(to_sum(make_window(widest, 0)), widest);
  EXPECT_FALSE(fits(make_window(widest, 1)));
  widest.negate();
  EXPECT_EQ(to_sum(make_window(widest, 0)), widest);
}

TEST(Window, ZeroChangesNothing) {
  const Window zero = make_window(ExactSum(), 7);
  EXPECT_EQ(zero, Window());
  EXPECT_EQ(to_sum(zero), ExactSum());
  for (const ExactSum& sum : some_sums()) {
    const Window window = make_window(sum, 7);
    EXPECT_EQ(merged(window, zero), window);
    EXPECT_EQ(merged(zero, window), window);
  }
}

TEST(Window, SpecialsAbsorb) {
  const Window infinite = make_window(sum_of(inf), 4);
  EXPECT_EQ(merged(make_window(sum_of(3), 4), infinite), infinite);
  EXPECT_EQ(to_sum(merged(infinite, make_window(sum_of(-inf), 4))), sum_of(nan));
  const Window far = merged(make_window(sum_of(1e300), 4), make_window(sum_of(1e-300), 4));
  EXPECT_FALSE(fits(far));
  EXPECT_EQ(merged(far, infinite), infinite);
}

TEST(Window, ThatDoesNotFitSaysSoAndIsRefused) {
  const Window far = merged(make_window(sum_of(1e300), 4), make_window(sum_of(1e-300), 4));
  EXPECT_EQ(far.digits, Window().digits);
  EXPECT_THROW(to_sum(far), InternalError);
  ExactSum both = sum_of(1e300);
  both.add(1e-300);
  EXPECT_EQ(make_window(both, 4).low, far.low);
  EXPECT_EQ(make_window(both, 4).high, far.high);
}

TEST(Window, MergingIsCommutativeAndAssociative) {
  const auto sums = some_sums();
  std::vector<Window> windows;
  for (const ExactSum& sum : sums) windows.push_back(make_window(sum, 6));
  for (const Window& a : windows)
    for (const Window& b : windows) {
      EXPECT_EQ(merged(a, b), merged(b, a));
      for (const Window& c : windows) ASSERT_EQ(merged(merged(a, b), c), merged(a, merged(b, c)));
    }
}

TEST(Window, AnyTreeOverAnyRanksLeavesTheSameBytes) {
  const Random random(5);
  const auto sums = some_sums();
  for (Index round = 0; round < 300; ++round) {
    const std::size_t ranks = 2 + random.bits(round) % 40;
    std::vector<Window> left;
    ExactSum expected;
    for (std::size_t r = 0; r < ranks; ++r) {
      // Mostly usual data; some rounds have specials and windows that do not fit.
      const ExactSum& sum = round % 3 == 0 ? sums[random.bits(round, 100 + r) % sums.size()]
                                           : plain_sum(terms(Family::narrow, r % 5, r));
      left.push_back(make_window(sum, 6));
      expected += sum;
    }
    const Window chain = [&] {
      Window all;
      for (const Window& window : left) merge(all, window);
      return all;
    }();
    for (std::uint64_t draw = 1; left.size() > 1; ++draw) {  // a random tree
      const std::size_t i = random.bits(round, draw) % (left.size() - 1);
      left[i] = merged(left[i + 1], left[i]);
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i + 1));
    }
    EXPECT_EQ(left.front(), chain);
    if (fits(chain)) {
      EXPECT_EQ(to_sum(chain), expected);
    }
  }
}

TEST(HalfWindow, HoldsWhatSpansHalfAsMuch) {
  for (const ExactSum& sum : some_sums()) {
    const auto half = make_window<HalfWindow>(sum, 3);
    const auto window = make_window(sum, 3);
    EXPECT_EQ(half.low, window.low);
    EXPECT_EQ(half.high, window.high);
    EXPECT_EQ(half.specials, window.specials);
    EXPECT_EQ(fits(half), window.high - window.low <= 160);
    if (fits(half)) {
      EXPECT_EQ(to_sum(half), sum);
    } else {
      EXPECT_THROW(to_sum(half), InternalError);
    }
  }
}

TEST(HalfWindow, MergesAsAWindowDoes) {
  std::vector<ExactSum> sums = some_sums();
  for (int place = -90; place <= 90; place += 7)
    for (const double sign : {1.0, -1.0}) sums.push_back(sum_of(sign * std::ldexp(1.5, place)));
  int merged_count = 0;
  for (const ExactSum& a : sums)
    for (const ExactSum& b : sums) {
      auto half = make_window<HalfWindow>(a, 6);
      auto other = make_window<HalfWindow>(b, 6);
      const HalfWindow first = half;
      merge(half, other);
      merge(other, first);
      ASSERT_EQ(half, other);
      if (!fits(half)) continue;
      ExactSum expected = a;
      expected += b;
      ASSERT_EQ(to_sum(half), expected);
      ++merged_count;
    }
  EXPECT_GT(merged_count, 1000);
}

TEST(HalfWindow, TakesUsualDotProducts) {
  ExactSum dot;
  const std::vector<double> x = terms(Family::normal, 10000, 1), y = terms(Family::normal, 10000, 2);
  for (std::size_t i = 0; i < x.size(); ++i) dot.add_product(x[i], y[i]);
  EXPECT_TRUE(fits(make_window<HalfWindow>(dot, 10)));
}

TEST(Window, HeadroomHoldsTheSumOfAllRanks) {
  for (const double value : {0x1.fffffffffffffp+10, -0x1p11, -0x1.fffffffffffffp+10}) {
    const ExactSum part = sum_of(value);
    const Window window = make_window(part, 6);
    Window all;
    ExactSum expected;
    for (int rank = 0; rank < 64; ++rank) {
      merge(all, window);
      expected += part;
    }
    EXPECT_EQ(to_sum(all), expected);
    EXPECT_EQ(all.high, window.high);
  }
}

}  // namespace
}  // namespace tutti::exact

// Running sums against one rounding of an ExactSum after each term, on terms of all kinds.
#include "tutti/exact/prefix_sums.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "terms.hpp"

namespace tutti::exact {
namespace {

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

template <class Real>
void expect_prefixes(const ExactSum& before, const std::vector<Real>& x) {
  std::vector<double> exclusive(x.size()), inclusive(x.size());
  prefix_sums<Real>(before, x, exclusive, Scan::exclusive);
  prefix_sums<Real>(before, x, inclusive, Scan::inclusive);
  ExactSum sum = before;
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(bits(exclusive[i]), bits(sum.round()))
        << "before element " << i << ": " << hexfloat(exclusive[i]);
    sum.add(x[i]);
    ASSERT_EQ(bits(inclusive[i]), bits(sum.round()))
        << "with element " << i << ": " << hexfloat(inclusive[i]);
  }
}

TEST(PrefixSums, AreRoundedFromTheExactSum) {
  for (const Family family : families)
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const std::vector<double> x = terms(family, 500, seed);
      expect_prefixes({}, x);
      expect_prefixes(plain_sum(terms(Family::wide, 10, seed)), x);
      expect_prefixes<float>({}, {x.begin(), x.end()});  // too large for a float: infinities
    }
}

// Sums that lie between two float64, on either side of zero, and what decides is far below.
TEST(PrefixSums, TiesGoToEvenUnlessSomethingIsBelow) {
  for (const double sign : {1.0, -1.0})
    for (const double first : {1.0, 1.0 + 0x1p-52, 0x1p52, 0x1.fffffffffffffp+0})
      for (const double half : {0x1p-53, -0x1p-54, 0x1p-54, 0x1p-1, -0x1p-53})
        for (const double little : {0.0, 0x1p-200, -0x1p-200, 0x1p-1074, -0x1p-1074, 0x1p-120, -0x1p-120})
          expect_prefixes<double>({}, {sign * first, sign * half, little, -little, sign * half, -little,
                                       little, -sign * half, -sign * first, -sign * half});
}

TEST(PrefixSums, GoThroughZeroAndAllExponents) {
  std::vector<double> x;
  for (int exponent = -1074; exponent < 1024; exponent += 7) {
    x.push_back(std::ldexp(1.5, exponent));
    x.push_back(-std::ldexp(3, exponent));
    x.push_back(std::ldexp(1.5, exponent));
  }
  expect_prefixes<double>({}, x);
  for (double& value : x) value = -value;
  expect_prefixes<double>({}, x);
}

TEST(PrefixSums, OverflowOnTheWayAndComeBack) {
  constexpr double most = std::numeric_limits<double>::max();
  std::vector<double> x(200, most);
  x.resize(400, -most);
  x.resize(700, -most);
  x.resize(1000, most);
  x.push_back(std::ldexp(1, 970));  // half a unit more than the largest: a tie to infinity
  expect_prefixes<double>({}, x);
  expect_prefixes<double>({}, {most, std::ldexp(1, 970), -0x1p-1074, 0x1p-1074, -std::ldexp(1, 970)});
}

TEST(PrefixSums, NothingAndZeros) {
  expect_prefixes<double>({}, {});
  expect_prefixes<double>({}, {0.0, -0.0, 0.0});
  expect_prefixes<float>({}, {-0.0F, 0x1p-149F, -0x1p-149F});
}

TEST(PrefixSums, SpecialValuesStay) {
  constexpr double inf = std::numeric_limits<double>::infinity(),
                   nan = std::numeric_limits<double>::quiet_NaN();
  ExactSum infinite;
  infinite.add(inf);
  for (const ExactSum& before : {ExactSum(), infinite})
    for (const std::vector<double>& x :
         {std::vector<double>{1, inf, 2, 3}, {1, -inf, 2, inf, 4}, {1, nan, inf, 2}, {inf}, {1, 2, nan}})
      expect_prefixes(before, x);
}

TEST(PrefixSums, InPlace) {
  std::vector<double> x = terms(Family::wide, 300), y(x.size());
  for (const Scan scan : {Scan::exclusive, Scan::inclusive}) {
    std::vector<double> same = x;
    prefix_sums<double>({}, x, y, scan);
    prefix_sums<double>({}, same, same, scan);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(bits(same[i]), bits(y[i]));
  }
}

}  // namespace
}  // namespace tutti::exact

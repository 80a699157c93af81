#include "tutti/exact/term.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace tutti::exact {
namespace {

double value(const Term& term) {
  return std::ldexp(static_cast<double>(term.magnitude), term.exponent) * (term.negative ? -1 : 1);
}

TEST(Term, IsTheValueOfAFloat) {
  for (const double x : {0.0, 1.0, -0.75, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308, 0.1})
    EXPECT_EQ(value(Term(x)), x);
  for (const float x : {0.0F, -1.0F, 1e-45F, 1.17549435e-38F, 3.40282347e38F, 0.1F})
    EXPECT_EQ(value(Term(x)), static_cast<double>(x));
  EXPECT_TRUE(Term(-0.0).negative);
}

TEST(Term, IsTheValueOfAnInteger) {
  const Term lowest(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(lowest.magnitude, 1ULL << 63U);
  EXPECT_TRUE(lowest.negative);
  EXPECT_EQ(Term(std::numeric_limits<std::uint64_t>::max()).magnitude, ~0ULL);
  EXPECT_EQ(Term(std::int8_t{-128}).magnitude, 128U);
  EXPECT_EQ(Term(true).magnitude, 1U);
}

TEST(Term, KnowsSpecials) {
  EXPECT_EQ(Term(std::numeric_limits<double>::infinity()).special, positive_infinity);
  EXPECT_EQ(Term(-std::numeric_limits<float>::infinity()).special, negative_infinity);
  EXPECT_EQ(Term(std::numeric_limits<double>::signaling_NaN()).special, not_a_number);
  EXPECT_EQ(Term(-std::numeric_limits<float>::quiet_NaN()).special, not_a_number);
}

TEST(Term, ProductsAreClassifiedAsInIeee754) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double x : {0.0, -0.0, 2.0, -2.0, 5e-324, inf, -inf, nan})
    for (const double y : {0.0, -0.0, 3.0, -3.0, 5e-324, inf, -inf, nan}) {
      if (std::isfinite(x) && std::isfinite(y)) {
        EXPECT_EQ(Product(x, y).special, finite);
      } else {
        EXPECT_EQ(Product(x, y).special, Term(x * y).special) << x << " " << y;
      }
    }
  EXPECT_EQ(Product(0, inf).special, not_a_number) << "an integer zero";
  EXPECT_EQ(Product(-1, inf).special, negative_infinity);
}

TEST(Term, SpecialsHaveOneValueForAnySet) {
  EXPECT_EQ(canonical(positive_infinity | negative_infinity), not_a_number);
  EXPECT_EQ(canonical(positive_infinity | not_a_number), not_a_number);
  EXPECT_EQ(canonical(negative_infinity), negative_infinity);
  EXPECT_EQ(canonical(finite), finite);
}

}  // namespace
}  // namespace tutti::exact

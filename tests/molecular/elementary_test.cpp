#include "tutti/molecular/elementary.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tutti/core/integer.hpp"
#include "tutti/core/random.hpp"

namespace tutti::molecular {
namespace {

// Against the C library in extended precision, which is right to more digits than are asked for here.

double units_off(double value, long double truth) {
  return static_cast<double>(std::fabs((static_cast<long double>(value) - truth)) /
                             std::ldexp(1.0L, std::ilogb(static_cast<double>(truth)) - 52));
}

double some(Index i) {  // 2^-300 to 2^300, and more near to 1
  const Random random(1);
  const double spread = i % 2 == 0 ? 600 : 2;
  return std::exp2(spread * (random.uniform(i) - 0.5));
}

TEST(Elementary, Logarithm) {
  for (Index i = 0; i < 50000; ++i)
    EXPECT_LT(units_off(logarithm(some(i)), std::log(static_cast<long double>(some(i)))), 2);
  EXPECT_EQ(logarithm(1), 0);
}

TEST(Elementary, CubeRoot) {
  for (Index i = 0; i < 50000; ++i)
    EXPECT_LT(units_off(cube_root(some(i)), std::cbrt(static_cast<long double>(some(i)))), 1);
  EXPECT_EQ(cube_root(27), 3);
  EXPECT_EQ(cube_root(0.001), 0.1);
}

TEST(Elementary, NormalQuantileIsTheInverseOfTheDistribution) {
  const Random random(2);
  for (Index i = 0; i < 50000; ++i) {
    const double p = i % 2 == 0 ? random.uniform(i) * 0.999 + 0.0005 : std::exp2(-1 - 50 * random.uniform(i));
    const long double x = normal_quantile(p);
    const long double back = 0.5L * std::erfc(-x / std::sqrt(2.0L));
    const long double density = std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0L));
    EXPECT_LT(std::fabs(static_cast<double>((back - p) / density)),
              3e-15 * (1 + std::fabs(static_cast<double>(x))))
        << p;
    if (p > 1e-10) {
      EXPECT_NEAR(normal_quantile(1 - p), -normal_quantile(p), 1e-5);
    }
  }
  EXPECT_EQ(normal_quantile(0.5), 0);
}

// The bits themselves: on another machine, with another compiler, these are the same.
TEST(Elementary, Bits) {
  EXPECT_EQ(logarithm(10), 0x1.26bb1bbb55516p+1);
  EXPECT_EQ(cube_root(10), 0x1.13c484138704fp+1);
  EXPECT_EQ(normal_quantile(0.975), 0x1.f5c0331eeff82p+0);
  EXPECT_EQ(normal_quantile(1e-9), -0x1.7fdc11f44b5a7p+2);
}

}  // namespace
}  // namespace tutti::molecular

#include "tutti/molecular/box.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/random.hpp"

namespace tutti::molecular {
namespace {

// tests/molecular/box_cases.py compares with Python's fractions; here are the cases that a reader may want to
// see.

TEST(Box, PlacesAreFractions) {
  const Box box({8, 4, 2});
  EXPECT_EQ(box.place(2, 0).fraction, std::uint64_t{1} << 62U);
  EXPECT_EQ(box.place(2, 1).fraction, std::uint64_t{1} << 63U);
  EXPECT_EQ(box.place(2, 2).fraction, 0U);
  EXPECT_EQ(box.place(2, 2).image, 1);
  EXPECT_EQ(box.place(-1, 1).fraction, std::uint64_t{3} << 62U);
  EXPECT_EQ(box.place(-1, 1).image, -1);
  EXPECT_EQ(box.place(-0.0, 1).fraction, 0U);
  EXPECT_EQ(box.place(-0.0, 1).image, 0);
}

TEST(Box, WhatIsAlmostAnEdgeIsTheNextImage) {
  const Box box({3, 3, 3});
  const double below = std::nextafter(3.0, 0.0);  // 3 - 2^-51: a fraction of 2^64 - 2^14 / 3
  EXPECT_EQ(box.place(below, 0).fraction, -std::uint64_t{2731});
  EXPECT_EQ(box.place(below, 0).image, 0);
  EXPECT_EQ(box.place(-1e-300, 0).fraction, 0U);
  EXPECT_EQ(box.place(-1e-300, 0).image, 0);
  EXPECT_EQ(box.place(-1e-19, 0).fraction, -std::uint64_t{1});
  EXPECT_EQ(box.place(-1e-19, 0).image, -1);
}

TEST(Box, CoordinatesComeBack) {
  const Box box({33.591924, 10, 1.0 / 3});
  const Random random(3);
  for (Index i = 0; i < 3000; ++i) {
    const int axis = static_cast<int>(i % 3);
    const double x = (random.uniform(i) - 0.5) * 20 * box.edge(axis);
    const Box::Place place = box.place(x, axis);
    // 64 bits of the edge hold more than the 53 of x, unless x is much smaller than an edge.
    EXPECT_NEAR(box.unwrapped(place.fraction, place.image, axis), x,
                box.edge(axis) * 0x1p-64 + std::fabs(x) * 0x1p-53);
    const double inside = box.coordinate(place.fraction, axis);
    EXPECT_GE(inside, 0);
    EXPECT_LE(inside, box.edge(axis));
    EXPECT_EQ(box.unwrapped(place.fraction, 0, axis), inside);
  }
}

TEST(Box, DisplacementsAreSigned) {
  const Box box({8, 8, 8});
  EXPECT_EQ(box.length(std::int64_t{1} << 61U, 0), 1);
  EXPECT_EQ(box.length(-(std::int64_t{1} << 61U), 0), -1);
  EXPECT_EQ(box.length(std::numeric_limits<std::int64_t>::min(), 0), -4);
  EXPECT_EQ(box.length(-1, 0), -0x1p-61);
}

TEST(Box, ItsNumbers) {
  const Box box({2, 3, 4});
  EXPECT_EQ(box.volume(), 24);
  EXPECT_EQ(box.shortest_edge(), 2);
  EXPECT_EQ(box.longest_edge(), 4);
  EXPECT_FALSE(box.is_cubic());
  EXPECT_TRUE(Box({2, 2, 2}).is_cubic());
}

TEST(Box, RefusesWhatIsNoBoxOrNoCoordinate) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double edge : {0.0, -1.0, nan, infinity, 1e200, 1e-200})
    EXPECT_THROW(Box({5, edge, 5}), UsageError) << edge;
  const Box box({5, 5, 5});
  for (const double x : {nan, infinity, -infinity, 1e30, 5.0 * (1 << 20)})
    EXPECT_THROW(box.place(x, 0), UsageError) << x;
  try {
    box.place(nan, 2);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.message(), "a coordinate is nan; give finite numbers");
  }
}

}  // namespace
}  // namespace tutti::molecular

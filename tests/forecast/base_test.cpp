#include "tutti/forecast/base.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::forecast {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

// a + b R + c R^2 in MiB
Base of_curve(std::uint64_t once, std::uint64_t each, std::uint64_t pair, const std::vector<int>& counts) {
  std::vector<BasePoint> points;
  for (const int ranks : counts) {
    const auto r = static_cast<std::uint64_t>(ranks);
    points.push_back({ranks, (once + r * (each + r * pair)) * mebibyte, r * 4096 * 10});
  }
  return {points, Origin::measured, "MPI 1"};
}

void expect_near(std::uint64_t value, std::uint64_t expected) {
  EXPECT_LE(value, expected + expected / 1000000 + 1);
  EXPECT_GE(value + expected / 1000000 + 1, expected);
}

TEST(Base, FindsTheCurveThroughExactPoints) {
  const Base base = of_curve(3, 7, 1, {16, 1, 2, 8, 4});
  EXPECT_EQ(base.at(8).pss, (3 + 56 + 64) * mebibyte);
  expect_near(base.at(128).pss, (3 + 7 * 128 + 128 * 128) * mebibyte);
  expect_near(base.at(128).page_tables, 128 * 4096 * 10);
  expect_near(of_curve(0, 7, 0, {1, 2, 4, 8, 16}).at(1000).pss, 7000 * mebibyte);
  expect_near(of_curve(5, 0, 0, {1, 2, 4}).at(1000).pss, 5 * mebibyte);
  expect_near(of_curve(2, 7, 0, {2, 5}).at(1000).pss, 7002 * mebibyte);
}

TEST(Base, OfOnePointIsInProportion) {
  const Base base({{4, 40 * mebibyte, 4096}}, Origin::measured, "MPI 1");
  EXPECT_EQ(base.at(4).pss, 40 * mebibyte);
  expect_near(base.at(8).pss, 80 * mebibyte);
  expect_near(base.at(1).pss, 10 * mebibyte);
}

TEST(Base, GoesStraightBetweenPoints) {
  const Base base({{1, 10 * mebibyte, 100}, {4, 40 * mebibyte, 400}, {8, 60 * mebibyte, 800}},
                  Origin::measured, "MPI 1");
  EXPECT_EQ(base.at(2).pss, 20 * mebibyte);
  EXPECT_EQ(base.at(6).pss, 50 * mebibyte);
  EXPECT_EQ(base.at(6).page_tables, 600U);
}

// Points that bend downwards would give a negative R^2, and nothing at 128 ranks.
TEST(Base, NeverFallsWithMoreRanks) {
  const Base base(
      {{1, 14 * mebibyte, 1}, {2, 30 * mebibyte, 2}, {8, 70 * mebibyte, 3}, {16, 90 * mebibyte, 4}},
      Origin::measured, "MPI 1");
  for (int ranks = 17; ranks < 5000; ranks += 100)
    EXPECT_LT(base.at(ranks).pss, base.at(ranks + 100).pss) << ranks;
  EXPECT_GT(base.at(17).pss, 70 * mebibyte);
}

TEST(Base, SaysWhereItComesFrom) {
  const Base base = of_curve(3, 7, 0, {1, 2, 4, 8, 16});
  EXPECT_EQ(base.origin_text(16), "measured here on 1-16 ranks");
  EXPECT_EQ(base.origin_text(128), "measured here on 1-16 ranks, extrapolated to 128");
  EXPECT_EQ(Base({{1, 1, 1}}, Origin::measured, "").origin_text(1), "measured here on 1 rank");
  for (const auto mpi : {launch::LauncherKind::openmpi, launch::LauncherKind::mpich}) {
    const Base assumed = Base::assumed(mpi);
    EXPECT_EQ(assumed.origin(), Origin::assumed);
    EXPECT_EQ(assumed.origin_text(16), "assumed");
    EXPECT_GT(assumed.at(128).pss, assumed.at(16).pss);
    EXPECT_GT(assumed.at(1).page_tables, 0U);
  }
}

TEST(Base, RefusesNoPoints) { EXPECT_THROW(Base({}, Origin::measured, ""), InternalError); }

}  // namespace
}  // namespace tutti::forecast

#include "tutti/forecast/verdict.hpp"

#include <gtest/gtest.h>

namespace tutti::forecast {
namespace {

using memory::Category;

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;

Base nothing() { return {{{1, 1, 0}}, Origin::measured, "MPI 1"}; }

Room room(std::uint64_t gibibytes) { return {{gibibytes * gibibyte, "here"}, true, 0}; }

Array of_gibibytes(const std::string& name, Category category, Index gibibytes) {
  return {name, category, gibibytes << 27U, 8, block, Origin::computed};
}

TEST(Room, LeavesTheSystemAndTheForecastTheirPart) {
  const Room here = room(32);
  EXPECT_EQ(here.usable(), 31 * gibibyte);
  EXPECT_EQ(here.judge(31 * gibibyte + 1), Fit::does_not_fit);
  EXPECT_EQ(here.judge(31 * gibibyte), Fit::too_close);
  EXPECT_EQ(here.judge(30 * gibibyte), Fit::fits);
  Room uncertain = here;
  uncertain.known_error = 0.1;
  EXPECT_EQ(uncertain.judge(30 * gibibyte), Fit::too_close);
  EXPECT_EQ(uncertain.judge(28 * gibibyte), Fit::fits);
  uncertain.known_error = 7;
  EXPECT_EQ(uncertain.margin(100 * gibibyte), 25 * gibibyte);
  Room budget = here;
  budget.all_of_the_node = false;
  EXPECT_EQ(budget.usable(), 32 * gibibyte);
  EXPECT_EQ(here.margin(0), std::uint64_t{4} << 20U);
  EXPECT_EQ(here.judge(UINT64_MAX), Fit::does_not_fit);
}

TEST(RoomHere, IsPlausible) {
  EXPECT_GT(room_here().usable(), 0U);
  EXPECT_FALSE(room_here().limit.origin.empty());
}

TEST(Remedies, SharesWhatIsReplicatedFirst) {
  const Job job{64,
                32,
                {of_gibibytes("forces", Category::distributed, 2),
                 of_gibibytes("coordinates", Category::replicated, 2)}};
  const auto found = remedies(job, nothing(), room(16));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].change, "share coordinates (NodeShared)");
  EXPECT_EQ(found[0].fit, Fit::fits);
  EXPECT_LT(found[0].node_bytes, 4 * gibibyte);
  EXPECT_EQ(found[1].change, "at most 7 ranks per node (10 nodes)");
}

TEST(Remedies, FindsTheLeastNumberOfNodes) {
  const Job job{8, 4, {of_gibibytes("field", Category::distributed, 64)}};
  const auto found = remedies(job, nothing(), room(16));
  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(found[0].change, "at most 1 rank per node (8 nodes)");
  EXPECT_EQ(found[1].change, "at least 5 nodes (20 ranks)");  // 64 / 4 is 16, which the system needs 1/32 of
  EXPECT_EQ(found.back().change, "store field in 4 bytes an element");
  EXPECT_NE(found.back().fit, Fit::fits);
}

TEST(Remedies, CombinesWhereOneIsNotEnough) {
  const Job job{
      8, 8, {of_gibibytes("a", Category::replicated, 10), of_gibibytes("field", Category::distributed, 64)}};
  const auto found = remedies(job, nothing(), room(16));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].fit, Fit::fits);
  EXPECT_EQ(
      found[0].change,
      "share all replicated arrays (NodeShared), and at least 14 nodes (112 ranks)");  // page tables, too
}

TEST(Remedies, OfWhatNeverFitsDoNotPretend) {
  const Job job{1, 1, {of_gibibytes("a", Category::node_shared, 100)}};
  for (const Remedy& remedy : remedies(job, nothing(), room(16)))
    EXPECT_NE(remedy.fit, Fit::fits) << remedy.change;
}

TEST(Remedies, KeepTheRanksOfLayoutsThatBelongToThem) {
  Job job{2, 2, {of_gibibytes("a", Category::distributed, 64)}};
  job.arrays[0].layout = irregular({Index{32} << 27U, Index{32} << 27U});
  for (const Remedy& remedy : remedies(job, nothing(), room(16)))
    EXPECT_EQ(remedy.change.find("at least"), std::string::npos) << remedy.change;
}

}  // namespace
}  // namespace tutti::forecast

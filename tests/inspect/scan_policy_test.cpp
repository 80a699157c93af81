#include "tutti/inspect/scan_policy.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::inspect {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

// The times of the scans, each of which takes `scan_seconds`, in a run whose memory is memory[i] MiB at i *
// 0.1 s.
std::vector<double> scans(ScanPolicy policy, const std::vector<std::uint64_t>& memory, double scan_seconds) {
  std::vector<double> result;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const double time = static_cast<double>(i) * 0.1;
    if (!policy.due(time, memory[i] * mib)) continue;
    result.push_back(time);
    policy.scanned(time, time + scan_seconds, memory[i] * mib);
  }
  return result;
}

TEST(ScanPolicy, ScansWhenTheGrowthHasStalled) {
  EXPECT_EQ(scans(ScanPolicy(), {10, 200, 900, 2000, 2000, 2000, 2100, 2100, 2100}, 0.01),
            (std::vector<double>{5 * 0.1, 8 * 0.1}));
}

TEST(ScanPolicy, ScansAgainAfterMoreGrowth) {
  std::vector<std::uint64_t> memory(100, 100);
  for (std::size_t i = 25; i < 100; ++i) memory[i] = 105;
  const auto found = scans(ScanPolicy(), memory, 0.01);
  EXPECT_TRUE(
      std::any_of(found.begin(), found.end(), [](double time) { return std::abs(time - 2.7) < 0.01; }));
}

// It may be filled later.
TEST(ScanPolicy, ScansAgainMoreAndMoreSeldom) {
  const auto found = scans(ScanPolicy(), std::vector<std::uint64_t>(1000, 100), 0.01);
  ASSERT_GE(found.size(), 8U);
  EXPECT_LE(found.size(), 12U);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i], 1.5 * found[i - 1]);
  std::vector<std::uint64_t> less(1000, 80);
  std::fill(less.begin(), less.begin() + 3, 100);
  EXPECT_EQ(scans(ScanPolicy(), less, 0.01).size(), 1U);  // no longer near the peak
}

TEST(ScanPolicy, DoesNotTakeAPauseForTheEnd) {
  ScanPolicy policy;
  EXPECT_FALSE(policy.due(0.50, 100 * mib));
  EXPECT_FALSE(policy.due(0.52, 100 * mib));  // it waits for a core
  EXPECT_FALSE(policy.due(0.54, 110 * mib));
  EXPECT_FALSE(policy.due(0.64, 110 * mib));
  EXPECT_TRUE(policy.due(0.67, 110 * mib));
}

TEST(ScanPolicy, LeavesTinyProgramsAlone) {
  EXPECT_TRUE(scans(ScanPolicy(), {1, 2, 2, 2, 2, 1, 1}, 0.01).empty());
}

TEST(ScanPolicy, DoesNotWaitForTheEndOfEndlessGrowth) {
  std::vector<std::uint64_t> memory;
  for (std::uint64_t i = 0; i < 200; ++i) memory.push_back(100 + 30 * i);
  const auto found = scans(ScanPolicy(), memory, 0.01);
  ASSERT_GE(found.size(), 3U);
  EXPECT_LE(found[0], 5.2);
  for (std::size_t i = 1; i < found.size(); ++i)  // each time for 3 % more at least
    EXPECT_GE(100 + 300 * found[i], 1.03 * (100 + 300 * found[i - 1]));
}

TEST(ScanPolicy, ScansForATenthOfTheTimeAtMost) {
  std::vector<std::uint64_t> memory;
  std::uint64_t size = 100;
  for (int i = 0; i < 300; ++i) memory.push_back(i % 4 == 0 ? size += size / 4 : size);  // a step each 0.4 s
  const auto found = scans(ScanPolicy(), memory, 0.5);
  ASSERT_GE(found.size(), 4U);
  // Half of the time at first, while it is a second in all; then a tenth.
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i] - found[i - 1], i <= 2 ? 1.0 : 5.0);
}

TEST(ScanPolicy, ScansOnceAtTheTimeAskedFor) {
  const std::vector<std::uint64_t> memory{10, 200, 200, 200, 200, 200, 900, 900, 900};
  EXPECT_EQ(scans(ScanPolicy(0.55), memory, 0.01), (std::vector<double>{6 * 0.1}));
  EXPECT_EQ(scans(ScanPolicy(0), memory, 0.01), (std::vector<double>{0}));
  EXPECT_TRUE(scans(ScanPolicy(60), memory, 0.01).empty());
}

TEST(ScanPolicy, SamplesOftenInTheBeginning) {
  EXPECT_DOUBLE_EQ(ScanPolicy::next_sample(0, 0, 0.2), 0.02);
  EXPECT_DOUBLE_EQ(ScanPolicy::next_sample(1, 0, 0.2), 1.1);
  EXPECT_DOUBLE_EQ(ScanPolicy::next_sample(100, 0, 0.2), 100.2);
  EXPECT_DOUBLE_EQ(ScanPolicy::next_sample(100, 0.1, 0.2), 105);  // a slow sample: 2 % of the time
  EXPECT_DOUBLE_EQ(ScanPolicy(1.05).next(1, 0, 0.2), 1.05);
  EXPECT_DOUBLE_EQ(ScanPolicy(1.05).next(1.05, 0, 0.2), 1.155);
}

}  // namespace
}  // namespace tutti::inspect

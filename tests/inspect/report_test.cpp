#include "tutti/inspect/report.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace tutti::inspect {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

Row row(MappingKind kind, const std::string& name, std::uint64_t on_all, std::uint64_t saved) {
  Row result;
  result.kind = kind;
  std::copy(name.begin(), name.end(), result.name.begin());
  result.on_all = on_all;
  result.saved = saved;
  return result;
}

TEST(MemoryHistory, KeepsThePeakAndStaysSmall) {
  MemoryHistory history;
  for (int i = 0; i < 100000; ++i)
    history.add({i * 0.1, i == 33333 ? 5000 * mib : static_cast<std::uint64_t>(i % 1000) * mib});
  EXPECT_EQ(history.peak().bytes, 5000 * mib);
  EXPECT_DOUBLE_EQ(history.peak().time, 3333.3);
  const auto& samples = history.samples();
  EXPECT_LE(samples.size(), MemoryHistory::most_samples);
  EXPECT_GE(samples.size(), MemoryHistory::most_samples / 3);
  EXPECT_TRUE(std::any_of(samples.begin(), samples.end(),
                          [](const MemorySample& sample) { return sample.bytes == 5000 * mib; }));
  EXPECT_TRUE(std::is_sorted(samples.begin(), samples.end(),
                             [](const MemorySample& a, const MemorySample& b) { return a.time < b.time; }));
}

// 4 ranks of 100 MiB, 40 of which all have, and 20 MiB that they share already.
TEST(Forecasts, GrowWithTheRanks) {
  NodeReport report;
  report.ranks = {0, 1, 2, 3, 4};  // the last one had ended when they were compared
  EXPECT_TRUE(forecasts(report).empty());
  report.scan.emplace();
  report.scan->ranks = 4;
  report.scan->memory.bytes = 420 * mib;
  report.scan->private_bytes = 400 * mib;
  report.scan->on_all = 40 * mib;
  report.scan->saved_on_all = 120 * mib;
  const auto found = forecasts(report);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].ranks, 4U);
  EXPECT_EQ(found[0].bytes, 420 * mib);
  EXPECT_EQ(found[0].one_copy, 300 * mib);
  EXPECT_EQ(found[3].ranks, 64U);
  EXPECT_EQ(found[3].bytes, 6420 * mib);
  EXPECT_EQ(found[3].one_copy, (6420 - 63 * 40) * mib);
}

TEST(Forecasts, OfOneRankSaveNothing) {
  NodeReport report;
  report.ranks = {0};
  report.scan.emplace();
  report.scan->ranks = 1;
  report.scan->memory.bytes = 10 * mib;
  report.scan->private_bytes = 12 * mib;  // it grew while it was scanned
  for (const NodeForecast& forecast : forecasts(report)) {
    EXPECT_EQ(forecast.bytes, forecast.ranks * 12 * mib);
    EXPECT_EQ(forecast.one_copy, forecast.bytes);
  }
}

TEST(Better, PrefersThePeakThenWhatIsFound) {
  ScanResult low;
  low.memory.bytes = 80 * mib;
  low.saved_on_all = 50 * mib;
  ScanResult high;
  high.memory.bytes = 100 * mib;
  ScanResult nearly = high;
  nearly.memory.bytes = 95 * mib;
  nearly.saved_on_several = mib;
  EXPECT_TRUE(better(high, low));
  EXPECT_FALSE(better(low, high));
  EXPECT_TRUE(better(nearly, high));
  EXPECT_FALSE(better(high, nearly));
}

TEST(Merged, AddsRowsOfTheSameMapping) {
  const std::vector<Row> rows{row(MappingKind::heap, "", 10, 30), row(MappingKind::file, "libx.so", 50, 150),
                              row(MappingKind::heap, "", 30, 90), row(MappingKind::file, "liby.so", 1, 3)};
  const auto found = merged(rows);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_STREQ(found[0].name.data(), "libx.so");
  EXPECT_EQ(found[1].kind, MappingKind::heap);
  EXPECT_EQ(found[1].on_all, 40U);
  EXPECT_EQ(found[1].saved, 120U);
  EXPECT_TRUE(merged({}).empty());
}

}  // namespace
}  // namespace tutti::inspect

#include "tutti/forecast/history.hpp"

#include <algorithm>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tutti/forecast/calibration.hpp"

#include "launch/environment_guard.hpp"
#include "temporary_folder.hpp"

namespace tutti::forecast {
namespace {

using launch::EnvironmentGuard;
using memory::Category;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

// Two nodes with 4 ranks, the first with more; 1 GiB divided by 8, 256 MiB for each node, 4 MiB copied.
MemoryReport run(std::uint64_t pss) {
  MemoryReport report;
  report.program = "my pairs\n";
  report.mpi = "mpich";
  report.ranks = 8;
  report.nodes.resize(2);
  for (NodeMemory& node : report.nodes) node.ranks = 4;
  report.nodes[0].pss = pss;
  report.nodes[1].pss = pss - mebibyte;
  report.holdings = {{"field", Category::distributed, 1 << 27U, 8, "cyclic", 128 * mebibyte, 512 * mebibyte},
                     {"shared", Category::node_shared, 1 << 25U, 8, "", 0, 256 * mebibyte},
                     {"copied", Category::replicated, 1 << 19U, 8, "", 4 * mebibyte, 16 * mebibyte}};
  return report;
}

class Compare : public testing::Test {
 protected:
  // What MPI takes on this machine.
  static void calibrate() {
    ASSERT_EQ(keep(Base({{4, 40 * mebibyte, 0}}, Origin::measured, "MPICH 4.0.2"), "mpich"), "");
  }
  TemporaryFolder folder_;
  EnvironmentGuard guard_ = EnvironmentGuard::with({{"XDG_CACHE_HOME", folder_.path().c_str()}});
};

TEST_F(Compare, AddsWhatMpiTakesToTheBooks) {
  calibrate();
  const Comparison comparison = compare(run(800 * mebibyte));
  EXPECT_EQ(comparison.forecast, (512 + 256 + 16 + 40) * mebibyte);
  EXPECT_EQ(comparison.measured, 800 * mebibyte);
  EXPECT_DOUBLE_EQ(comparison.error(), 0.03);
  EXPECT_EQ(comparison.text, "forecast 824.00 MiB, measured 800.00 MiB on the fullest node: 3.0 % too much");
  EXPECT_EQ(contents_of(folder_.path("tutti/history.txt")), "864026624 838860800 8 mpich my pairs\\n\n");
}

TEST_F(Compare, AssumesWhatWasNotMeasured) {
  const Comparison comparison = compare(run(900 * mebibyte));
  EXPECT_GT(comparison.forecast, 784 * mebibyte);
  EXPECT_NE(comparison.text.find("too little (what MPI takes is assumed; tutti plan measures it)"),
            std::string::npos)
      << comparison.text;
  EXPECT_EQ(past_errors().runs, 0U);
}

TEST_F(Compare, KeepsTheLastTwoHundredLargeOnes) {
  calibrate();
  EXPECT_EQ(past_errors().text(), "none yet");
  for (int i = 0; i < 205; ++i) compare(run(800 * mebibyte));
  EXPECT_EQ(past_errors().runs, 200U);
  MemoryReport small;
  small.mpi = "mpich";
  small.ranks = 1;
  small.nodes.resize(1);
  small.nodes[0].ranks = 1;
  small.nodes[0].pss = 127 * mebibyte;
  compare(small);
  const std::string history = contents_of(folder_.path("tutti/history.txt"));
  EXPECT_EQ(std::count(history.begin(), history.end(), '\n'), 200);
}

TEST_F(Compare, ToleratesRubbishInTheHistory) {
  calibrate();
  compare(run(800 * mebibyte));
  folder_.file("tutti/history.txt",
               "rubbish\n\n1 0 1 mpich x\n990 1000 4 mpich a b\n1020 1000 4 mpich c\n1000 1000 4 mpich d");
  EXPECT_EQ(past_errors().text(), "3 runs here: median 1.0 %, worst 2.0 %");
  compare(run(824 * mebibyte));
  EXPECT_EQ(past_errors().runs, 4U);
}

TEST_F(Compare, FindsWhatNobodyBooked) {
  const Base base({{4, 40 * mebibyte, 0}}, Origin::measured, "MPICH 4.0.2");
  const Array array = unbooked(run((824 + 4 * 7) * mebibyte), base);
  EXPECT_EQ(array.elements, 7 * static_cast<Index>(mebibyte));
  EXPECT_EQ(array.origin, Origin::assumed);
  EXPECT_EQ(unbooked(run(800 * mebibyte), base).elements, 0);
  EXPECT_EQ(unbooked(MemoryReport{}, base).elements, 0);
}

TEST_F(Compare, NeverFailsForTheCache) {
  calibrate();
  ASSERT_EQ(::mkdir(folder_.path("tutti/history.txt").c_str(), 0755), 0);
  EXPECT_NE(compare(run(800 * mebibyte)).text.find("; not kept: "), std::string::npos);
  EXPECT_EQ(past_errors().runs, 0U);
}

TEST_F(Compare, OfNothingIsNothing) {
  EXPECT_EQ(compare(MemoryReport{}).text, "nothing was measured");
  EXPECT_EQ(compare(MemoryReport{}).error(), 0);
}

TEST(PastErrors, AreShown) {
  EXPECT_EQ((PastErrors{1, 0.016, 0.016}).text(), "1 run here: median 1.6 %, worst 1.6 %");
  EXPECT_EQ(percent_text(0), "0.0 %");
}

}  // namespace
}  // namespace tutti::forecast

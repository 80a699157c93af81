// What the watchdog says and does, without MPI. (With it: tests/faults.)
#include "tutti/comm/watchdog.hpp"

#include <cstdio>
#include <thread>

#include <gtest/gtest.h>

namespace tutti::comm {
namespace {

constexpr Operation sum_operation{"sum"};

Call named(const char* name) {
  Call call{sum_operation, Site("a.cpp", 8)};
  call.note = name;
  call.detail = core::hash(name);
  return call;
}

void wait_alone(double seconds, std::optional<double> end_limit, int nodes, const char* name = "") {
  WatchdogSettings settings;
  settings.limit = 0.05;
  settings.end_limit = end_limit;
  Watchdog watchdog(settings, WatchPage(3), nodes, "n1", [](const core::ErrorRecord& record) {
    std::fprintf(stderr, "%s\n", record.message.c_str());
  });
  watchdog.add_world(1, {0, 1, 2, 3});  // ranks that this page does not show
  watchdog.enter(1, 6, named("the one before, at the same place"));
  watchdog.leave();
  watchdog.enter(1, 7, named(name));
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  watchdog.leave();
}

class WatchdogDeathTest : public testing::Test {
 protected:
  void SetUp() override { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

TEST_F(WatchdogDeathTest, EndsAWaitForRanksThatItCannotSee) {
  EXPECT_EXIT(
      wait_alone(30, 0.1, 1), testing::ExitedWithCode(76),
      "rank 3 on node n1 waits in sum at a.cpp:8 \\(#7\\); the other ranks of its node cannot be seen "
      "from there; the job ends");
}

TEST_F(WatchdogDeathTest, OnlyWarnsWithoutALimit) {
  EXPECT_EXIT((wait_alone(0.5, {}, 2), std::exit(0)), testing::ExitedWithCode(0),
              "tutti: warning: after 0.05 s: rank 3 on node n1 waits in sum at a.cpp:8 .*; waiting on");
}

TEST_F(WatchdogDeathTest, TellsCallsAtOnePlaceByTheirNames) {
  EXPECT_EXIT(wait_alone(30, 0.1, 1, "energy"), testing::ExitedWithCode(76),
              "waits in sum \"energy\" at a.cpp:8 \\(#7\\)");
}

}  // namespace
}  // namespace tutti::comm

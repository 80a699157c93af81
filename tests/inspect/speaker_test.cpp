#include "tutti/inspect/speaker.hpp"

#include <future>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/core/text.hpp"
#include "tutti/inspect/member.hpp"

#include "two_ranks.hpp"

namespace tutti::inspect {
namespace {

using namespace std::chrono_literals;

// A speaker, and the agents of a node, here as threads.
class SpeakerTest : public ::testing::Test {
 protected:
  SpeakerTest() : meeting_(open_meeting(name_)) {}

  std::future<NodeReport> speak(SpeakerOptions options) {
    return std::async(std::launch::async, [this, options] { return Speaker(meeting_, options).run(); });
  }
  Line come(int rank) const {
    Line line = join(name_);
    Reply hello;
    hello.rank = rank;
    EXPECT_TRUE(line.send(std::as_bytes(std::span(&hello, 1))));
    return line;
  }
  // An agent that looks into the rank for so long.
  void live(int rank, const Rank& program, std::chrono::milliseconds time) const {
    const Line line = come(rank);
    std::thread server([&] { Member(program.pid(), {}).serve(line); });
    std::this_thread::sleep_for(time);
    line.hang_up();
    server.join();
  }

  std::string name_ = text("tutti-inspect-test-", ::getpid(), "-speaker");
  int meeting_;
};

TEST_F(SpeakerTest, WaitsForLateRanksWhereNobodyKnowsHowMany) {
  SpeakerOptions options;
  options.expected = 0;
  auto report = speak(options);
  { const Line first = come(0); }
  std::this_thread::sleep_for(200ms);
  { const Line second = come(1); }
  EXPECT_EQ(report.get().ranks, (std::vector<int>{0, 1}));
}

TEST_F(SpeakerTest, ComparesWhoIsThere) {
  const Rank first({1, 2, 3});
  const Rank second({1, 2, 4});
  SpeakerOptions options;
  options.expected = 3;
  options.at = 0.5;
  auto report = speak(options);
  { const Line gone = come(2); }
  std::thread other([&] { live(1, second, 3s); });
  live(0, first, 3s);
  other.join();
  const NodeReport found = report.get();
  EXPECT_EQ(found.ranks, (std::vector<int>{0, 1, 2}));
  ASSERT_TRUE(found.scan) << found.trouble;
  EXPECT_EQ(found.scan->ranks, 2U);
  EXPECT_GE(found.scan->on_all, 2 * memory::page_size());
  EXPECT_EQ(found.scan->on_several, 0U);
}

}  // namespace
}  // namespace tutti::inspect

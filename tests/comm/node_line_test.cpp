// How the watchdogs of nodes hear of one another, without MPI. (With it: tests/faults, as pretended nodes.)
#include "tutti/comm/node_line.hpp"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tutti/core/text.hpp"

namespace tutti::comm {
namespace {

std::string nothing_missing(std::uint64_t /*world*/, std::uint64_t /*sequence*/) { return ""; }

std::string asked(std::uint64_t world, std::uint64_t sequence) {
  return text("rank 5 is late for #", sequence, " of ", world);
}

template <class Done, class... Lines>
bool poll_until(const Done& done, Lines&... lines) {
  for (int i = 0; i < 1000 && !done(); ++i) {
    (lines.poll(asked), ...);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return done();
}

TEST(NodeLine, NodesAskAndAnswer) {
  NodeLine a, b, c;
  const JobKey key = new_job_key();
  const std::vector<NodeAddress> nodes{a.address(), b.address(), c.address()};
  a.connect({nodes, 0, key});
  b.connect({nodes, 1, key});
  c.connect({nodes, 2, key});
  a.ask(7, 3);
  EXPECT_TRUE(poll_until(
      [&] { return a.answers() == "there rank 5 is late for #3 of 7; there rank 5 is late for #3 of 7"; }, a,
      b, c))
      << a.answers();
  EXPECT_EQ(a.silent(60, 60), -1);
  a.ask(7, 4);  // what was said of another collective does not count
  EXPECT_EQ(a.answers(), "");
}

TEST(NodeLine, ANodeThatWasThereAndIsGoneIsSilent) {
  NodeLine a;
  auto b = std::make_unique<NodeLine>();
  const JobKey key = new_job_key();
  const std::vector<NodeAddress> nodes{a.address(), b->address()};
  a.connect({nodes, 0, key});
  b->connect({nodes, 1, key});
  a.ask(1, 1);
  ASSERT_TRUE(poll_until([&] { return !a.answers().empty(); }, a, *b));
  for (int i = 0; i < 100; ++i) a.poll(nothing_missing), b->poll(nothing_missing);  // the greetings, too
  b.reset();
  a.ask(1, 2);
  EXPECT_TRUE(poll_until([&] { return a.ask(1, 2), a.silent(0.2, 60) == 1; }, a));
}

// A job that was stopped and goes on, or one that had nothing to ask for a while.
TEST(NodeLine, ANodeThatWasNotAskedWasNotSilent) {
  NodeLine a, b;
  const JobKey key = new_job_key();
  const std::vector<NodeAddress> nodes{a.address(), b.address()};
  a.connect({nodes, 0, key});
  b.connect({nodes, 1, key});
  a.ask(1, 1);
  ASSERT_TRUE(poll_until([&] { return !a.answers().empty(); }, a, b));
  for (int i = 0; i < 100; ++i) a.poll(nothing_missing), b.poll(nothing_missing);  // the greetings, too
  std::this_thread::sleep_for(std::chrono::milliseconds(2200));
  EXPECT_EQ(a.silent(2, 60), 1);
  a.ask(1, 1);
  EXPECT_EQ(a.silent(2, 60), -1);
}

TEST(NodeLine, ANodeThatCouldNeverBeReachedIsNotGone) {
  NodeLine a;
  const NodeAddress nowhere;
  a.connect({{a.address(), nowhere}, 0, new_job_key()});
  a.ask(1, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  a.poll(asked);
  EXPECT_EQ(a.silent(0.01, 60), -1);
}

TEST(NodeLine, AVerdictIsHeardByAllNodes) {
  NodeLine a, b, c;
  const JobKey key = new_job_key();
  const std::vector<NodeAddress> nodes{a.address(), b.address(), c.address()};
  a.connect({nodes, 0, key});
  b.connect({nodes, 1, key});
  c.connect({nodes, 2, key});
  EXPECT_FALSE(b.verdict());
  tell_verdict({nodes, 0, key}, 76);
  EXPECT_TRUE(poll_until([&] { return b.verdict() == 76 && c.verdict() == 76; }, a, b, c));
  EXPECT_FALSE(a.verdict());
}

TEST(NodeLine, DropsWhatHasAnotherKey) {
  NodeLine a, b;
  const std::vector<NodeAddress> nodes{a.address(), b.address()};
  a.connect({nodes, 0, {1, 2}});
  b.connect({nodes, 1, {1, 3}});
  a.ask(1, 1);
  int polls = 0;
  poll_until([&] { return ++polls > 50; }, a, b);
  EXPECT_EQ(a.answers(), "");
  EXPECT_EQ(a.silent(0, 60), -1) << "it has not been greeted";
}

}  // namespace
}  // namespace tutti::comm

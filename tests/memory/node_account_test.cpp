#include "tutti/memory/node_account.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::memory {
namespace {

TEST(NodeCounters, RefuseWhatExceedsTheLimitAndKeepThePeak) {
  NodeCounters counters{};
  EXPECT_TRUE(counters.reserve(60, 100));
  EXPECT_FALSE(counters.reserve(41, 100));
  EXPECT_TRUE(counters.reserve(40, 100));
  EXPECT_FALSE(counters.reserve(UINT64_MAX, 100));
  EXPECT_FALSE(counters.reserve(UINT64_MAX, UINT64_MAX)) << "the sum must not wrap around";
  counters.release(70);
  EXPECT_EQ(counters.booked.load(), 30U);
  EXPECT_EQ(counters.peak.load(), 100U);
}

TEST(NodeCounters, NeverExceedTheLimitWhoeverAsksAtOnce) {
  NodeCounters counters{};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20000; ++i)
        if (counters.reserve(3, 10)) counters.release(3);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counters.booked.load(), 0U);
  EXPECT_LE(counters.peak.load(), 9U);
}

}  // namespace
}  // namespace tutti::memory

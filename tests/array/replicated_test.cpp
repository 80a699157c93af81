#include "tutti/array/replicated.hpp"

#include <limits>

#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

void count_up(std::span<double> all, Index first) {
  for (double& element : all) element = static_cast<double>(first++);
}

TEST(Replicated, IsWholeOnEveryRank) {
  for (const Index n : {Index{0}, Index{1}, Index{1000}}) {
    Replicated<double> x(world(), n, "x");
    for (const double element : x.local()) EXPECT_EQ(element, 0);
    x.publish(count_up);
    ASSERT_EQ(x.view().size(), static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) EXPECT_EQ(x.view()[static_cast<std::size_t>(i)], static_cast<double>(i));
  }
}

TEST(Replicated, IsBookedOnceForEachRank) {
  barrier(world());  // now all have released what they had
  const std::uint64_t before = world().ledger().node_booked();
  barrier(world());
  {
    const Replicated<double> x(world(), 1000, "constants");
    const memory::Books books = world().ledger().now();
    EXPECT_EQ(books[memory::Category::replicated], 8000U);
    EXPECT_EQ(books.holdings.back().node_bytes, 8000U * static_cast<unsigned>(world().node_size()));
    barrier(world());
    EXPECT_EQ(world().ledger().node_booked(), before + 8000U * static_cast<unsigned>(world().node_size()));
    barrier(world());
  }
  barrier(world());
  EXPECT_EQ(world().ledger().node_booked(), before);
  barrier(world());
}

TEST(Replicated, BroadcastsTheCopyOfOneRank) {
  for (int root = 0; root < world().size(); ++root) {
    Replicated<std::int64_t> x(world(), 100, "x");
    for (std::int64_t& element : x.local()) element = world().rank();
    x.broadcast(root);
    for (const std::int64_t element : x.view()) EXPECT_EQ(element, root);
    EXPECT_THROW(x.broadcast(world().size()), Error);
  }
}

TEST(Replicated, WhatOneRankThrowsAllThrow) {
  Replicated<double> x(world(), 10, "x");
  EXPECT_THROW(x.publish([&](std::span<double>, Index) {
    if (world().rank() == world().size() - 1) throw FileError("no such file", {"x", {}});
  }),
               FileError);
  x.publish(count_up);
  EXPECT_EQ(x.view()[9], 9);
}

TEST(Replicated, BeyondTheNodesMemoryIsRefusedBeforeItIsAllocated) {
  for (const Index n : {Index{1} << 40U, std::numeric_limits<Index>::max()}) {
    try {
      const Replicated<double> x(world(), n, "coordinates");
      FAIL() << "no node has so much memory";
    } catch (const BudgetError& error) {
      EXPECT_NE(error.message().find("coordinates"), std::string::npos) << error.message();
    }
    EXPECT_EQ(sum(world(), 1), world().size());
  }
  EXPECT_THROW(Replicated<double>(world(), -1, "x"), DistributionError);
  if (world().size() > 1) {
    EXPECT_THROW(Replicated<double>(world(), world().rank() == 0 ? 1 : 2, "x"), MismatchError);
  }
  barrier(world());
}

}  // namespace
}  // namespace tutti

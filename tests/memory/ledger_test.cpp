#include "tutti/memory/ledger.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::memory {
namespace {

Budget limited(std::uint64_t bytes) {
  Budget budget;
  budget.give({bytes, "a test"});
  return budget;
}

// A node of 4 ranks, as two of them see it.
struct Node {
  std::shared_ptr<NodeCounters> counters = std::make_shared<NodeCounters>();
  Ledger first, second;
  explicit Node(const Budget& budget)
      : first(budget, *counters, counters, "n7", 4), second(budget, *counters, counters, "n7", 4) {}
};

Holding distributed(std::uint64_t rank_bytes, std::uint64_t node_bytes) {
  return {"forces", Category::distributed, rank_bytes, node_bytes, 1000, 8, "block"};
}

TEST(Ledger, CountsByCategoryNowAndAtThePeak) {
  Ledger ledger;
  {
    const Booking a = ledger.book("a", Category::replicated, 1000);
    {
      const Booking b = ledger.book("pieces of x.npy", Category::buffer, 500);
      EXPECT_EQ(ledger.now().total(), 1500U);
      EXPECT_EQ(ledger.now()[Category::buffer], 500U);
      EXPECT_EQ(ledger.node_booked(), 1500U);
    }
    const Booking c = ledger.book("c", Category::buffer, 100);
    EXPECT_EQ(ledger.now().total(), 1100U);
    EXPECT_EQ(ledger.at_peak().total(), 1500U);
    ASSERT_EQ(ledger.at_peak().holdings.size(), 2U);
    EXPECT_EQ(ledger.at_peak().holdings[1].name, "pieces of x.npy");
  }
  EXPECT_EQ(ledger.now().total(), 0U);
  EXPECT_TRUE(ledger.now().holdings.empty());
  EXPECT_EQ(ledger.node_booked(), 0U);
  EXPECT_EQ(ledger.node_peak(), 1500U);
}

TEST(Ledger, ThePeakIsTheBooksThatAreOpenIfNothingWasLargerYet) {
  Ledger ledger;
  const Booking a = ledger.book("a", Category::distributed, 10);
  EXPECT_EQ(ledger.at_peak().total(), 10U);
  const Booking b = ledger.book("b", Category::distributed, 20);
  EXPECT_EQ(ledger.at_peak().total(), 30U);
  ledger.measure_at_peaks();
  EXPECT_FALSE(ledger.at_peak().process) << "that peak is written down";
  const Booking c = ledger.book("c", Category::distributed, 1);
  ASSERT_TRUE(ledger.at_peak().process);
  EXPECT_GT(ledger.at_peak().process->rss, 0U);
}

TEST(Ledger, EachRankGivesBackItsOwnPartOfWhatOneReserved) {
  Node node(limited(1000));
  {
    Reservation reservation = node.first.reserve(distributed(30, 50));
    EXPECT_EQ(node.counters->booked.load(), 50U);
    const Booking mine = node.first.enter(distributed(30, 50), std::move(reservation));
    {
      const Booking other = node.second.enter(distributed(20, 50));
      EXPECT_EQ(node.counters->booked.load(), 50U);
      EXPECT_EQ(node.second.now().total(), 20U);
    }
    EXPECT_EQ(node.counters->booked.load(), 30U);
  }
  EXPECT_EQ(node.counters->booked.load(), 0U);
}

TEST(Ledger, WhatTheNodeSharesCountsOnceOnTheNodeAndForNoRank) {
  Node node(limited(1000));
  const Holding shared{"coordinates", Category::node_shared, 0, 400, 50, 8, {}};
  const Booking mine = node.first.enter(shared, node.first.reserve(shared));
  const Booking other = node.second.enter(shared);
  EXPECT_EQ(node.counters->booked.load(), 400U);
  EXPECT_EQ(node.second.now()[Category::node_shared], 400U);
  EXPECT_EQ(node.second.now().rank_bytes(), 0U);
}

// Where the ranks of a node cannot share memory, each reserves for all of them, in counters of its own.
TEST(Ledger, WithCountersOfItsOwnGivesBackAllThatItReserved) {
  auto counters = std::make_shared<NodeCounters>();
  Ledger alone(limited(1000), *counters, counters, "n7", 4, Counters::own);
  for (int turn = 0; turn < 3; ++turn) {
    const Booking array = alone.enter(distributed(30, 120), alone.reserve(distributed(30, 120)));
    const Booking buffer = alone.book("pieces", Category::buffer, 500);
    EXPECT_EQ(counters->booked.load(), 620U);
    EXPECT_EQ(alone.now().total(), 530U);
    EXPECT_THROW(alone.reserve(distributed(100, 400)), BudgetError);
  }
  EXPECT_EQ(counters->booked.load(), 0U);
}

TEST(Ledger, SaysWhatEachRankCountsFor) {
  Node node(limited(1000));
  const Holding shared{"coordinates", Category::node_shared, 0, 400, 50, 8, {}};
  const Booking made = node.first.enter(shared, node.first.reserve(shared));
  const Booking seen = node.second.enter(shared);
  const Booking part = node.second.enter(distributed(20, 50));
  EXPECT_EQ(node.first.now().holdings[0].counted, 400U);
  EXPECT_EQ(node.second.now().holdings[0].counted, 0U);
  EXPECT_EQ(node.second.now().holdings[1].counted, 20U);
}

TEST(Booking, EndsWhatItWasWhenItBecomesAnother) {
  Ledger ledger;
  Booking booking = ledger.book("a", Category::buffer, 100);
  Booking other = ledger.book("b", Category::buffer, 10);
  booking = std::move(other);
  EXPECT_EQ(ledger.now().total(), 10U);
  Buffer<char> x(100, "x", ledger), y(1000, "y", ledger);
  x = std::move(y);
  EXPECT_EQ(ledger.now().total(), 1110U) << "y has x's memory now, and its entry";
}

TEST(Ledger, AReservationThatNobodyEntersIsGivenBack) {
  Node node(limited(1000));
  { const Reservation reservation = node.first.reserve(distributed(500, 900)); }
  EXPECT_EQ(node.counters->booked.load(), 0U);
  EXPECT_EQ(node.counters->peak.load(), 900U);
}

TEST(Ledger, RefusesBeforeAnythingIsAllocatedAndSaysWhy) {
  Node node(limited(4000));
  const Holding replicated{"coordinates", Category::replicated, 500, 2000, 62, 8, {}};
  const Booking held = node.first.enter(replicated, node.first.reserve(replicated));
  const Booking small = node.first.book("pieces", Category::buffer, 100);
  try {
    node.first.reserve(distributed(600, 2400));
    FAIL();
  } catch (const BudgetError& error) {
    EXPECT_EQ(error.message(),
              "forces: 1000 elements of 8 bytes need 2.34 KiB on node n7 with 4 ranks, 2.05 KiB of the "
              "budget of 3.91 KiB "
              "(a test) are used; largest: coordinates 1.95 KiB (replicated), pieces 100 B (buffer); share "
              "coordinates "
              "(NodeShared): 1.95 KiB -> 500 B per node");
    EXPECT_EQ(error.needed(), 2400);
    EXPECT_EQ(error.available(), 1900);
  }
  EXPECT_EQ(node.counters->booked.load(), 2100U);
}

TEST(Ledger, TheRemedyFitsWhatIsWanted) {
  const auto refused = [](const Holding& wanted) {
    try {
      Node node(limited(10));
      node.first.reserve(wanted);
    } catch (const BudgetError& error) {
      return error.message();
    }
    return std::string("not refused");
  };
  EXPECT_NE(refused(distributed(30, 50))
                .find("use more nodes, or a smaller type, or raise the budget to at least 50 B"),
            std::string::npos)
      << refused(distributed(30, 50));
  EXPECT_NE(refused({"x", Category::replicated, 20, 80, 10, 2, {}})
                .find("share x (NodeShared): 80 B -> 20 B per node"),
            std::string::npos);
  EXPECT_NE(refused({"x", Category::node_shared, 0, 80, 10, 8, {}}).find("distribute it (DistVector)"),
            std::string::npos);
  EXPECT_NE(refused({"x", Category::buffer, 80, 80, -1, 0, {}}).find("x: needs 80 B on node n7"),
            std::string::npos);
}

TEST(Ledger, WhatNoNodeHasIsRefusedWithoutABudget) {
  Ledger ledger;
  EXPECT_THROW(ledger.book("all", Category::replicated, UINT64_MAX), BudgetError);
  EXPECT_THROW(ledger.book("all", Category::replicated, std::uint64_t{1} << 50U), BudgetError);
  EXPECT_EQ(ledger.node_booked(), 0U);
}

TEST(Ledger, ABufferIsBookedAsLongAsItLives) {
  Ledger ledger;
  {
    Buffer<double> buffer(100, "x", ledger);
    Buffer<double> moved = std::move(buffer);
    EXPECT_EQ(ledger.now().total(), 800U);
    moved = Buffer<double>(10, "y", ledger, Category::halo);
    EXPECT_EQ(ledger.now()[Category::halo], 80U);
  }
  EXPECT_EQ(ledger.now().total(), 0U);
  const Ledger strict(limited(100));
  Ledger copy = strict;  // a handle of the same books
  EXPECT_THROW(Buffer<double>(100, "x", copy), BudgetError);
}

TEST(Ledger, ABookingMayOutliveItsLedger) {
  Booking booking;
  {
    Ledger ledger;
    booking = ledger.book("x", Category::buffer, 1);
  }
}

TEST(Category, HasANameThatReadsBack) {
  for (std::size_t c = 0; c < categories; ++c) {
    const auto category = static_cast<Category>(c);
    EXPECT_EQ(category_of(name(category)), category);
  }
  EXPECT_FALSE(category_of("Distributed"));
}

}  // namespace
}  // namespace tutti::memory

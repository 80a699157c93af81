#include "tutti/array/node_shared.hpp"

#include <limits>
#include <vector>

#include "tutti/array/replicated.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/memory/ledger.hpp"

#include "mpi_main.hpp"
#include "write_faults.hpp"

namespace tutti {
namespace {

using testing_world::world;

std::int64_t value(Index i) { return 3 * i + 7; }

void fill(std::span<std::int64_t> part, Index first) {
  for (std::size_t k = 0; k < part.size(); ++k) part[k] = value(first + static_cast<Index>(k));
}

void expect_filled(std::span<const std::int64_t> all, Index n) {
  ASSERT_EQ(all.size(), static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) ASSERT_EQ(all[static_cast<std::size_t>(i)], value(i)) << i << " of " << n;
}

// 0, 1, fewer than ranks, and on both sides of page borders.
const std::vector<Index> lengths{0, 1, 2, 5, 6, 511, 512, 513, 10007};

TEST(NodeShared, EveryRankSeesWhatAllRanksWrote) {
  for (const Index n : lengths) {
    NodeShared<std::int64_t> x(world(), n, "x");
    EXPECT_FALSE(x.published());
    x.publish(fill);
    EXPECT_TRUE(x.published());
    EXPECT_EQ(x.size(), n);
    EXPECT_EQ(x.name(), "x");
    expect_filled(x.view(), n);
  }
}

TEST(NodeShared, EveryRankFillsOneStripeAndTogetherTheyAreAll) {
  for (const Index n : lengths) {
    NodeShared<std::int64_t> x(world(), n, "x");
    Index first = -1, count = -1;
    x.publish([&](std::span<std::int64_t> part, Index begin) {
      first = begin;
      count = static_cast<Index>(part.size());
      EXPECT_GE(count, n / world().size());
      EXPECT_LE(count, n / world().size() + 1);
      EXPECT_GE(first, 0);
      EXPECT_LE(first + count, n);
      fill(part, begin);
    });
    ASSERT_GE(count, 0) << "f is called on every rank";
    std::vector<Index> written(static_cast<std::size_t>(n), 0);
    for (Index i = first; i < first + count; ++i) ++written[static_cast<std::size_t>(i)];
    if (n > 0) sum_elements(world(), written);
    for (const Index times : written) EXPECT_EQ(times, 1);
  }
}

TEST(NodeShared, HoldsAnyTriviallyCopyableType) {
  struct Atom {
    double x, y, z;
    std::int32_t element;
  };
  NodeShared<Atom> atoms(world(), 100, "atoms");
  atoms.publish([](std::span<Atom> part, Index first) {
    for (Atom& atom : part) atom = {1.5 * static_cast<double>(first++), 0, 1, 6};
  });
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(atoms.view()[i].x, 1.5 * static_cast<double>(i));
}

TEST(NodeShared, IsBookedOncePerNode) {
  barrier(world());  // now all have released what they had
  const std::uint64_t before = world().ledger().node_booked();
  barrier(world());
  {
    const NodeShared<double> x(world(), 1000, "coordinates");
    const memory::Books books = world().ledger().now();
    EXPECT_EQ(books[memory::Category::node_shared], 8000U);
    EXPECT_EQ(books.rank_bytes(), 0U);
    ASSERT_FALSE(books.holdings.empty());
    const memory::Holding& holding = books.holdings.back();
    EXPECT_EQ(holding.name, "coordinates");
    EXPECT_EQ(holding.elements, 1000);
    EXPECT_EQ(holding.element_bytes, 8U);
    EXPECT_EQ(holding.rank_bytes, 0U);
    EXPECT_EQ(holding.node_bytes, 8000U);
    EXPECT_EQ(world().ledger().node_booked(), before + 8000);
    barrier(world());
  }
  barrier(world());
  EXPECT_EQ(world().ledger().node_booked(), before);
  barrier(world());
}

TEST(NodeShared, IsNotSeenBeforeItIsPublishedAndPublishedOnce) {
  NodeShared<std::int64_t> x(world(), 10, "coordinates");
  try {
    (void)x.view();
    FAIL() << "nobody has filled it";
  } catch (const DistributionError& error) {
    EXPECT_EQ(error.message(),
              "coordinates: nobody has filled it yet; call publish() on all ranks before view()");
  }
  x.publish(fill);
  try {
    x.publish(fill);
    FAIL() << "it is read-only";
  } catch (const DistributionError& error) {
    EXPECT_NE(error.message().find("UpdatableNodeShared"), std::string::npos) << error.message();
  }
  expect_filled(x.view(), 10);
}

TEST(NodeShared, WhatOneRankThrowsAllThrowAndItCanBePublishedThereafter) {
  for (int thrower = 0; thrower < world().size(); ++thrower) {
    NodeShared<std::int64_t> x(world(), 5000, "x");
    try {
      x.publish([&](std::span<std::int64_t> part, Index first) {
        if (world().rank() == thrower) throw FormatError("the file is damaged", {"x", {}});
        fill(part, first);
      });
      FAIL() << "rank " << thrower << " threw";
    } catch (const FormatError& error) {
      EXPECT_EQ(error.message(), "the file is damaged");
      EXPECT_EQ(error.rank(), thrower);
    }
    EXPECT_FALSE(x.published());
    EXPECT_THROW((void)x.view(), DistributionError);
    x.publish(fill);
    expect_filled(x.view(), 5000);
  }
}

TEST(NodeShared, IsReadOnlyOnceItIsPublished) {
  for (const Index n : lengths) {
    NodeShared<std::int64_t> x(world(), n, "x");
    x.publish(fill);
    if (n == 0) continue;
    EXPECT_TRUE(write_faults(&x.view().front())) << n;
    EXPECT_TRUE(write_faults(&x.view().back())) << n;
    expect_filled(x.view(), n);
  }
}

TEST(NodeShared, CommunicatesWhileItIsFilled) {
  NodeShared<std::int64_t> x(world(), 1, "x");  // all ranks but one have an empty stripe
  x.publish([&](std::span<std::int64_t> part, Index) {
    const Index ranks = sum(world(), 1);
    for (std::int64_t& element : part) element = ranks;
  });
  EXPECT_EQ(x.view()[0], world().size());
}

TEST(NodeShared, MovesItsMemory) {
  NodeShared<std::int64_t> x(world(), 100, "x");
  x.publish(fill);
  const std::int64_t* const memory = x.view().data();
  const NodeShared<std::int64_t> y = std::move(x);
  EXPECT_EQ(y.view().data(), memory);
  expect_filled(y.view(), 100);
}

TEST(NodeShared, LivesOnASubWorld) {
  world().split(world().rank() % 2, [&](World& sub) {
    NodeShared<std::int64_t> x(sub, 1000, "x");
    x.publish(fill);
    expect_filled(x.view(), 1000);
  });
  if (world().size() < 3) return;
  NodeShared<std::int64_t> outer(world(), 100, "outer");
  world().split(world().rank() == 1 ? 0 : 1, [&](World& sub) {
    NodeShared<std::int64_t> x(sub, 1000, "x");
    x.publish(fill);
    expect_filled(x.view(), 1000);
  });
  outer.publish(fill);
  expect_filled(outer.view(), 100);
}

TEST(NodeShared, BeyondTheNodesMemoryIsRefusedBeforeItIsAllocated) {
  for (const Index n : {Index{1} << 40U, Index{1} << 60U, std::numeric_limits<Index>::max()}) {
    try {
      const NodeShared<double> x(world(), n, "everything");
      FAIL() << "no node has so much memory";
    } catch (const BudgetError& error) {
      EXPECT_NE(error.message().find("everything"), std::string::npos) << error.message();
      EXPECT_NE(error.message().find(text(n)), std::string::npos) << error.message();
      EXPECT_NE(error.message().find("DistVector"), std::string::npos) << error.message();
      EXPECT_GT(error.needed(), error.available());
    }
    EXPECT_EQ(sum(world(), 1), world().size());
  }
}

TEST(NodeShared, NonsenseIsRefusedOnAllRanks) {
  for (const Index n : {Index{-1}, Index{-5}, std::numeric_limits<Index>::min()})
    EXPECT_THROW(NodeShared<double>(world(), n, "x"), DistributionError);
  barrier(world());
}

TEST(NodeShared, RanksThatWantDifferentArraysAreToldSo) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const bool first = world().rank() == 0;
  EXPECT_THROW(NodeShared<double>(world(), first ? 5 : 6, "x"), MismatchError);
  EXPECT_THROW(NodeShared<double>(world(), first ? -5 : 6, "x"), Error);
  EXPECT_THROW(NodeShared<double>(world(), 5, first ? "x" : "y"), MismatchError);
  try {
    if (first)
      NodeShared<double>(world(), 5, "x");
    else
      NodeShared<float>(world(), 5, "x");
    FAIL() << "they are of different types";
  } catch (const MismatchError& error) {
    EXPECT_NE(error.message().find("float32"), std::string::npos) << error.message();
  }
  NodeShared<std::int64_t> x(world(), 5, "x"), y(world(), 5, "y");
  EXPECT_THROW((first ? x : y).publish(fill), MismatchError);
  EXPECT_FALSE(x.published() || y.published());
}

}  // namespace
}  // namespace tutti

// Sizes that no enumeration reaches: round trips, sums, and neighbours across every edge.
#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/text.hpp"
#include "tutti/distribution/distribution.hpp"

namespace tutti {
namespace {

constexpr Index largest = std::numeric_limits<Index>::max();
constexpr Index sizes[] = {(Index{1} << 40U) + 7, Index{1} << 62U, largest - 1, largest};

// Indices 0 and n-1, around each rank's first and last element, and at random.
std::vector<Index> interesting(const Distribution& d, std::mt19937_64& random) {
  std::vector<Index> indices{0, 1, d.size() / 2, d.size() - 2, d.size() - 1};
  const int step = std::max(1, d.ranks() / 50);
  for (int rank = 0; rank < d.ranks() - step; rank += step) {
    const std::size_t count = d.local_size(rank);
    if (count == 0) continue;
    for (const Index i : {d.to_global(rank, 0), d.to_global(rank, count - 1)})
      for (const Index near : {i - 1, i, i + 1})
        if (near >= 0 && near < d.size()) indices.push_back(near);
  }
  std::uniform_int_distribution<Index> any(0, d.size() - 1);
  for (int k = 0; k < 200; ++k) indices.push_back(any(random));
  return indices;
}

void expect_round_trips(const Distribution& d, std::mt19937_64& random) {
  SCOPED_TRACE(text(d.layout().name(), ", n = ", d.size(), " on ", d.ranks()));
  for (const Index i : interesting(d, random)) {
    const int owner = d.owner(i);
    const std::size_t l = d.to_local(i);
    ASSERT_LE(0, owner);
    ASSERT_LT(owner, d.ranks());
    ASSERT_LT(l, d.local_size(owner));
    ASSERT_LE(d.local_size(owner), d.max_local_size());
    ASSERT_EQ(d.to_global(owner, l), i);
    const Range run = d.run(owner, l);
    ASSERT_EQ(run.first, i);
    const Index last = i + (static_cast<Index>(run.count) - 1);
    ASSERT_EQ(d.owner(last), owner);
    ASSERT_EQ(d.to_local(last), l + run.count - 1);
    if (last + 1 < d.size() && d.ranks() > 1) {
      ASSERT_NE(d.owner(last + 1), owner);
    }
    if (d.contiguous()) {
      ASSERT_EQ(d.range(owner).first + static_cast<Index>(l), i);
    }
  }
}

void expect_sum_is_n(const Distribution& d) {
  Uint128 sum = 0;
  std::size_t most = 0;
  for (int rank = 0; rank < d.ranks(); ++rank) {
    if (d.contiguous()) {
      ASSERT_EQ(d.range(rank), (Range{static_cast<Index>(sum), d.local_size(rank)})) << d.layout().name();
    }
    sum += d.local_size(rank);
    most = std::max(most, d.local_size(rank));
  }
  EXPECT_EQ(text(sum), text(d.size())) << d.layout().name() << " on " << d.ranks();
  EXPECT_EQ(most, d.max_local_size());
}

std::vector<Index> random_counts(Index n, int ranks, std::mt19937_64& random) {
  std::vector<Index> cuts{0, n};
  std::uniform_int_distribution<Index> any(0, n);
  for (int k = 1; k < ranks; ++k) cuts.push_back(k % 5 == 0 ? cuts.back() : any(random));
  std::sort(cuts.begin(), cuts.end());
  std::vector<Index> counts;
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) counts.push_back(cuts[k + 1] - cuts[k]);
  return counts;
}

std::vector<double> random_weights(int ranks, std::mt19937_64& random) {
  std::uniform_real_distribution<double> any(0.0, 1.0);
  std::vector<double> weights;
  for (int k = 0; k < ranks; ++k) weights.push_back(k % 7 == 3 ? 0.0 : any(random));
  return weights;
}

TEST(BigDistribution, RoundTripsAndGivesOutEveryElement) {
  std::mt19937_64 random(1);
  for (const Index n : sizes)
    for (const int ranks : {1, 2, 3, 7, 64, 1000, 4097}) {
      std::vector<Layout> layouts{block, cyclic, irregular(random_counts(n, ranks, random)),
                                  weighted(random_weights(ranks, random)),
                                  weighted(std::vector<double>(static_cast<std::size_t>(ranks), 0.1))};
      for (const Index b : {Index{2}, Index{1000}, Index{1} << 40U, n / ranks,
                            n / ranks + (ranks > 1 ? 1 : 0), n - 1, n, largest})
        layouts.push_back(block_cyclic(b));
      for (const Layout& layout : layouts) {
        const Distribution d(layout, n, ranks);
        expect_round_trips(d, random);
        expect_sum_is_n(d);
        if (HasFatalFailure()) return;
      }
    }
}

TEST(BigDistribution, AnyNumberOfRanks) {
  std::mt19937_64 random(2);
  constexpr int most_ranks = std::numeric_limits<int>::max();
  for (const int ranks : {1 << 20, most_ranks - 1, most_ranks})
    for (const Index n : sizes)
      for (const Index b : {Index{0}, Index{1}, Index{12345}, Index{1} << 33U, Index{1} << 62U, largest})
        expect_round_trips(Distribution(b == 0 ? block : block_cyclic(b), n, ranks), random);
  const Distribution few(block, 10, most_ranks);
  EXPECT_EQ(few, Distribution(cyclic, 10, most_ranks));
  EXPECT_EQ(few.local_size(9), 1U);
  EXPECT_EQ(few.local_size(10), 0U);
  EXPECT_EQ(few.local_size(most_ranks - 1), 0U);
  EXPECT_EQ(few.range(most_ranks - 1), (Range{10, 0}));
}

TEST(BigDistribution, EqualOwnersAreSeenThroughOtherLayouts) {
  for (const Index n : sizes) {
    const Index half = n - n / 2;
    const Distribution two(irregular({half, n - half, 0, 0, 0, 0, 0}), n, 7);
    EXPECT_EQ(two, Distribution(block_cyclic(half), n, 7));
    EXPECT_EQ(two.hash(), Distribution(block_cyclic(half), n, 7).hash());
    EXPECT_EQ(Distribution(irregular({n, 0, 0, 0}), n, 4), Distribution(block_cyclic(largest), n, 4));
    EXPECT_EQ(Distribution(irregular({half, n - half}), n, 2), Distribution(block, n, 2));
    EXPECT_FALSE(Distribution(irregular({half + 1, n - half - 1}), n, 2) == Distribution(block, n, 2));
  }
}

TEST(BigDistribution, BlockSizesDifferByAtMostOne) {
  const Index n = (Index{1} << 40U) + 7;  // 7 * 157073089683 + 2: two ranks get one more
  const Distribution d(block, n, 7);
  for (int rank = 0; rank < 7; ++rank)
    EXPECT_EQ(d.local_size(rank), rank < 2 ? 157073089684U : 157073089683U);
}

TEST(BigDistribution, EveryWeightedShareIsLessThanOneElementOff) {
  std::mt19937_64 random(3);
  for (const Index n : {Index{1} << 62U, largest}) {
    const Distribution d(weighted(random_weights(1000, random)), n, 1000);
    const auto sums = d.layout().boundaries();
    for (int rank = 0; rank < 1000; ++rank) {
      const auto at = static_cast<std::size_t>(rank);
      const Int128 exact =
          static_cast<Int128>(n) * (sums[at + 1] - sums[at]);  // times the sum of all weights
      const Int128 off = static_cast<Int128>(d.local_size(rank)) * sums.back() - exact;
      EXPECT_TRUE(off < sums.back() && off > -static_cast<Int128>(sums.back())) << rank;
      if (sums[at] == sums[at + 1]) {
        EXPECT_EQ(d.local_size(rank), 0U);
      }
    }
  }
}

}  // namespace
}  // namespace tutti

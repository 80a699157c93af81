#include "tutti/distribution/distribution.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "message_of.hpp"

namespace tutti {
namespace {

using Owners = std::vector<int>;  // owner of index 0, 1, 2 ...

// A layout, and the owners it stands for: found by counting, without any of the formulas under test.
struct Case {
  Layout layout;
  Owners owners;
};

Owners dealt(Index b, Index n, int ranks) {
  Owners owners;
  for (int rank = 0; std::ssize(owners) < n; rank = rank + 1 == ranks ? 0 : rank + 1)
    for (Index k = 0; k < b && std::ssize(owners) < n; ++k) owners.push_back(rank);
  return owners;
}

Owners in_ranges(const std::vector<Index>& counts) {
  Owners owners;
  for (std::size_t rank = 0; rank < counts.size(); ++rank)
    owners.insert(owners.end(), static_cast<std::size_t>(counts[rank]), static_cast<int>(rank));
  return owners;
}

// Cards dealt one by one give the sizes; the block layout then keeps each rank's share together.
Owners even_ranges(Index n, int ranks) {
  Owners owners = dealt(1, n, ranks);
  std::sort(owners.begin(), owners.end());
  return owners;
}

Case weighted_case(const std::vector<int>& weights, Index n) {
  const Index total = std::accumulate(weights.begin(), weights.end(), Index{0});
  std::vector<Index> counts;
  Index before = 0;
  for (const int weight : weights) {
    counts.push_back(n * (before + weight) / total - n * before / total);
    before += weight;
  }
  return {weighted({weights.begin(), weights.end()}), in_ranges(counts)};
}

// Every kind of layout, and irregular ones that are block or block-cyclic ones in disguise.
std::vector<Case> cases(Index n, int ranks) {
  std::vector<Case> all{{block, even_ranges(n, ranks)}, {cyclic, dealt(1, n, ranks)}};
  for (const Index b : {1, 2, 3, 5, 8, 70, 1000}) all.push_back({block_cyclic(b), dealt(b, n, ranks)});
  const auto p = static_cast<std::size_t>(ranks);
  std::vector<Index> all_on_last(p, 0), all_on_first(p, 0), even(p, 0), by_turns(p, 0), triples(p, 0);
  all_on_first.front() = all_on_last.back() = n;
  for (const int owner : even_ranges(n, ranks)) ++even[static_cast<std::size_t>(owner)];
  for (Index i = 0; i < n; ++i) ++by_turns[static_cast<std::size_t>(i * i + 3 * i) % p];
  for (Index i = 0; i < n; ++i) ++triples[std::min(static_cast<std::size_t>(i) / 3, p - 1)];
  for (const auto& counts : {all_on_first, all_on_last, even, by_turns, triples})
    all.push_back({irregular(counts), in_ranges(counts)});
  std::vector<int> equal(p, 1), rising(p), gaps(p);
  std::iota(rising.begin(), rising.end(), 1);
  for (std::size_t rank = 0; rank < p; ++rank) gaps[rank] = rank % 3 == 1 ? 0 : static_cast<int>(p - rank);
  for (const auto& weights : {equal, rising, gaps}) all.push_back(weighted_case(weights, n));
  return all;
}

void expect_matches(const Distribution& d, const Owners& owners) {
  std::vector<std::vector<Index>> held(static_cast<std::size_t>(d.ranks()));
  for (Index i = 0; i < d.size(); ++i) {
    const int owner = owners[static_cast<std::size_t>(i)];
    auto& mine = held[static_cast<std::size_t>(owner)];
    ASSERT_EQ(d.owner(i), owner) << "index " << i;
    ASSERT_EQ(d.to_local(i), mine.size()) << "index " << i;
    mine.push_back(i);
  }
  bool contiguous = true;
  std::size_t most = 0;
  for (int rank = 0; rank < d.ranks(); ++rank) {
    const auto& mine = held[static_cast<std::size_t>(rank)];
    ASSERT_EQ(d.local_size(rank), mine.size()) << "rank " << rank;
    most = std::max(most, mine.size());
    for (std::size_t l = 0; l < mine.size(); ++l) {
      ASSERT_EQ(d.to_global(rank, l), mine[l]) << "rank " << rank << " local " << l;
      std::size_t end = l + 1;
      while (end < mine.size() && mine[end] == mine[end - 1] + 1) ++end;
      ASSERT_EQ(d.run(rank, l), (Range{mine[l], end - l})) << "rank " << rank << " local " << l;
      contiguous = contiguous && (end == mine.size());
    }
    EXPECT_THROW(d.run(rank, mine.size()), DistributionError);
  }
  ASSERT_EQ(d.max_local_size(), most);
  ASSERT_EQ(d.contiguous(), contiguous);
  Index next = 0;
  for (int rank = 0; rank < d.ranks(); ++rank) {
    if (!contiguous) {
      EXPECT_THROW(d.range(rank), DistributionError);
      continue;
    }
    ASSERT_EQ(d.range(rank), (Range{next, held[static_cast<std::size_t>(rank)].size()}));
    next += std::ssize(held[static_cast<std::size_t>(rank)]);
  }
}

TEST(Distribution, MatchesEnumeration) {
  for (int ranks = 1; ranks <= 12; ++ranks)
    for (Index n = 0; n <= 70; ++n)
      for (const Case& c : cases(n, ranks)) {
        SCOPED_TRACE(text(c.layout.name(), ", n = ", n, " on ", ranks));
        const Distribution d(c.layout, n, ranks);
        EXPECT_EQ(d.size(), n);
        EXPECT_EQ(d.ranks(), ranks);
        EXPECT_EQ(d.layout(), c.layout);
        expect_matches(d, c.owners);
        if (HasFatalFailure()) return;
      }
}

TEST(Distribution, IsEqualExactlyIfEveryOwnerIs) {
  for (int ranks = 1; ranks <= 7; ++ranks)
    for (Index n = 0; n <= 24; ++n) {
      const auto all = cases(n, ranks);
      for (const Case& a : all)
        for (const Case& b : all) {
          const Distribution left(a.layout, n, ranks), right(b.layout, n, ranks);
          const auto pair = text(a.layout.name(), " ", b.layout.name(), ", n = ", n, " on ", ranks);
          ASSERT_EQ(left == right, a.owners == b.owners) << pair;
          ASSERT_EQ(left.hash() == right.hash(), a.owners == b.owners) << pair;
        }
    }
}

TEST(Distribution, HashIsTheSameOnEveryMachine) {
  // Computed by Python's integers from the definition in core/hash.hpp.
  EXPECT_EQ(Distribution(block_cyclic(2), 10, 3).hash(), 291129740711106256U);
}

TEST(Distribution, OfOtherSizeOrRanksIsAnother) {
  const Distribution d(block, 10, 3);
  for (const Distribution& other : {Distribution(block, 11, 3), Distribution(block, 10, 4)}) {
    EXPECT_FALSE(d == other);
    EXPECT_NE(d.hash(), other.hash());
  }
  EXPECT_FALSE(Distribution(block, 0, 3) == Distribution(block, 0, 4));
}

TEST(Distribution, WorkedNumbersOfTheComments) {
  const auto owners = [](const Distribution& d) {
    std::string out;
    for (Index i = 0; i < d.size(); ++i) out += text(i == 0 ? "" : " ", d.owner(i));
    return out;
  };
  EXPECT_EQ(owners({block, 10, 3}), "0 0 0 0 1 1 1 2 2 2");
  EXPECT_EQ(owners({cyclic, 10, 3}), "0 1 2 0 1 2 0 1 2 0");
  EXPECT_EQ(owners({irregular({2, 0, 5}), 7, 3}), "0 0 2 2 2 2 2");
  EXPECT_EQ(owners({weighted({1, 2, 1}), 10, 3}), "0 0 1 1 1 1 1 2 2 2");
  const Distribution in_blocks(block, 10, 3);
  EXPECT_EQ(in_blocks.range(0), (Range{0, 4}));
  EXPECT_EQ(in_blocks.range(1), (Range{4, 3}));
  EXPECT_EQ(in_blocks.range(2), (Range{7, 3}));
  const Distribution d(block_cyclic(2), 10, 3);
  EXPECT_EQ(owners(d), "0 0 1 1 2 2 0 0 1 1");
  std::string locals, sizes;
  for (Index i = 0; i < 10; ++i) locals += text(d.to_local(i), ' ');
  for (int rank = 0; rank < 3; ++rank) sizes += text(d.local_size(rank), ' ');
  EXPECT_EQ(locals, "0 1 0 1 0 1 2 3 2 3 ");
  EXPECT_EQ(sizes, "4 4 2 ");
  EXPECT_EQ(d.to_global(1, 2), 8);
  EXPECT_EQ(d.run(0, 0), (Range{0, 2}));
  EXPECT_EQ(d.run(0, 1), (Range{1, 1}));
  EXPECT_EQ(d.run(0, 2), (Range{6, 2}));
}

TEST(Distribution, RefusesWhatDoesNotFit) {
  using E = DistributionError;
  EXPECT_EQ(message_of<E>([] { Distribution(block, -1, 3); }),
            "distribution block: -1 elements; give 0 or more");
  EXPECT_EQ(message_of<E>([] { Distribution(cyclic, 5, 0); }),
            "distribution cyclic: 0 ranks; give 1 or more");
  EXPECT_EQ(message_of<ShapeError>([] {
              Distribution(irregular({2, 0, 5}), 7, 4);
            }),
            "distribution irregular(2,0,5): 3 counts for 4 ranks; give one for each rank");
  EXPECT_EQ(message_of<ShapeError>([] { Distribution(weighted({1}), 7, 2); }),
            "distribution weighted(1): 1 weight for 2 ranks; give one for each rank");
  try {
    const Distribution wrong_sum(irregular({2, 0, 5}), 8, 3);
    FAIL() << "accepted counts that do not add up to n";
  } catch (const ShapeError& error) {
    EXPECT_EQ(
        error.message(),
        "distribution irregular(2,0,5): the counts add up to 7 for 8 elements; give counts that add up to 8");
    EXPECT_EQ(error.left(), 7);
    EXPECT_EQ(error.right(), 8);
    EXPECT_EQ(error.exit_code(), 65);
  }
}

TEST(Distribution, RefusesIndicesAndRanksThatDoNotExist) {
  using E = DistributionError;
  for (const Layout& layout : {block, cyclic, irregular({4, 0, 6}), weighted({1, 2, 1})}) {
    const Distribution d(layout, 10, 3);
    for (const Index i : {Index{-1}, Index{10}, std::numeric_limits<Index>::max()}) {
      EXPECT_THROW(d.owner(i), E);
      EXPECT_THROW(d.to_local(i), E);
    }
    for (const int rank : {-1, 3}) {
      EXPECT_THROW(d.local_size(rank), E);
      EXPECT_THROW(d.range(rank), E);
      EXPECT_THROW(d.run(rank, 0), E);
    }
    EXPECT_THROW(d.to_global(0, ~std::size_t{0}), E);
  }
  EXPECT_EQ(message_of<E>([] { Distribution(block, 10, 3).owner(10); }),
            "distribution block of 10 elements on 3 ranks: there is no index 10; give 0 to 9");
  EXPECT_EQ(message_of<E>([] { Distribution(block, 0, 1).owner(0); }),
            "distribution block of 0 elements on 1 rank: there is no index 0; it is empty");
  EXPECT_EQ(message_of<E>([] { Distribution(cyclic, 10, 3).local_size(3); }),
            "distribution cyclic of 10 elements on 3 ranks: there is no rank 3; give 0 to 2");
  EXPECT_EQ(message_of<E>([] { Distribution(cyclic, 4, 3).to_global(1, 1); }),
            "distribution cyclic of 4 elements on 3 ranks: rank 1 has no local index 1; it owns 1 element");
  EXPECT_EQ(
      message_of<E>([] { Distribution(cyclic, 10, 3).range(1); }),
      "distribution cyclic of 10 elements on 3 ranks: rank 1 does not own one contiguous range; go through "
      "its runs, or use block");
}

}  // namespace
}  // namespace tutti

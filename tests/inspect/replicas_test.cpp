#include "tutti/inspect/replicas.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "tutti/core/random.hpp"

namespace tutti::inspect {
namespace {

using Hashes = std::vector<std::vector<std::uint64_t>>;

std::vector<ReplicaGroup> find(const Hashes& hashes) {
  const std::vector<std::span<const std::uint64_t>> spans(hashes.begin(), hashes.end());
  return find_replicas(spans);
}

TEST(FindReplicas, CountsHolders) {
  const auto groups = find({{1, 5, 9}, {5, 7}, {5, 9}});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].hash, 5U);
  EXPECT_EQ(groups[0].holders, 3U);
  EXPECT_EQ(groups[1].hash, 9U);
  EXPECT_EQ(groups[1].holders, 2U);
  EXPECT_TRUE(groups[1].reference == 0 || groups[1].reference == 2);
}

TEST(FindReplicas, OfNothingAndOfOneRank) {
  EXPECT_TRUE(find({}).empty());
  EXPECT_TRUE(find({{}, {}}).empty());
  EXPECT_TRUE(find({{1, 2, 3}}).empty());
  EXPECT_TRUE(find({{1, 2, 3}, {}}).empty());
  EXPECT_TRUE(find({{1, 3}, {2, 4}}).empty());
  EXPECT_EQ(find({{0, ~std::uint64_t{0}}, {0, ~std::uint64_t{0}}}).size(), 2U);
}

// Against the plain way: a count for each hash.
TEST(FindReplicas, AgreesWithCounting) {
  for (const std::size_t ranks : {std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    Hashes hashes(ranks);
    std::map<std::uint64_t, std::vector<std::uint32_t>> holders;
    const Random random(ranks);
    for (std::uint32_t rank = 0; rank < ranks; ++rank)
      for (std::uint64_t hash = 0; hash < 400; ++hash)
        if (random.uniform(static_cast<std::int64_t>(hash), rank) < 0.4) {
          hashes[rank].push_back(hash);
          holders[hash].push_back(rank);
        }
    std::erase_if(holders, [](const auto& entry) { return entry.second.size() < 2; });
    const auto groups = find(hashes);
    ASSERT_EQ(groups.size(), holders.size());
    std::size_t i = 0;
    for (const auto& [hash, ranks_with_it] : holders) {
      EXPECT_EQ(groups[i].hash, hash);
      EXPECT_EQ(groups[i].holders, ranks_with_it.size());
      EXPECT_TRUE(std::count(ranks_with_it.begin(), ranks_with_it.end(), groups[i].reference) == 1);
      ++i;
    }
  }
}

TEST(FindReplicas, SharesTheWorkOfReferences) {
  const std::vector<std::uint64_t> all = [] {
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t i = 0; i < 1000; ++i) hashes.push_back(i);
    return hashes;
  }();
  std::map<std::uint32_t, int> references;
  for (const ReplicaGroup& group : find({all, all, all, all})) ++references[group.reference];
  ASSERT_EQ(references.size(), 4U);
  for (const auto& entry : references) EXPECT_EQ(entry.second, 250);
}

TEST(Holdings, PairsGroupsWithPages) {
  const std::vector<ReplicaGroup> groups{{3, 2, 0}, {5, 2, 0}, {8, 2, 0}};
  const std::vector<std::uint64_t> pages{1, 5, 6, 8, 9};
  const auto found = holdings(groups, pages, [](std::uint64_t hash) { return hash; });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].group, 1U);
  EXPECT_EQ(found[0].page, 1U);
  EXPECT_EQ(found[1].group, 2U);
  EXPECT_EQ(found[1].page, 3U);
  EXPECT_TRUE(holdings({}, pages, [](std::uint64_t hash) { return hash; }).empty());
}

}  // namespace
}  // namespace tutti::inspect

#include "tutti/inspect/comparison.hpp"

#include <gtest/gtest.h>

#include "two_ranks.hpp"

namespace tutti::inspect {
namespace {

// Looks at ranks as their agents do, then compares; `between` happens between hashing and comparing.
class ComparisonTest : public ::testing::Test {
 protected:
  template <class Between>
  void compare(std::vector<Rank*> ranks, Between between) {
    std::vector<std::vector<std::uint64_t>> hashes;
    for (const Rank* rank : ranks) {
      scans_.push_back(scan_pages({rank->pid()}, hash_, {}));
      hashes.emplace_back();
      for (const ScannedPage& page : scans_.back().pages) hashes.back().push_back(page.hash);
    }
    between();
    const std::vector<std::span<const std::uint64_t>> spans(hashes.begin(), hashes.end());
    table_.emplace(find_replicas(spans), hash_.page_bytes());
    std::vector<Comparison> parts;
    for (std::uint32_t rank = 0; rank < ranks.size(); ++rank)
      parts.emplace_back(scans_[rank], hash_, table_->handle(), rank);
    for (std::size_t batch = 0; batch < table_->batches(); ++batch) {
      for (Comparison& part : parts) part.write(batch);
      for (Comparison& part : parts) part.compare(batch);
    }
  }

  // How many ranks are known to have the page; nothing: it was no candidate.
  std::optional<std::uint32_t> copies(std::uint64_t seed) const {
    const std::uint64_t hash = hash_(Rank::page(seed).data()).hash;
    for (std::size_t group = 0; group < table_->groups().size(); ++group)
      if (table_->groups()[group].hash == hash) return table_->copies(group);
    return std::nullopt;
  }

  const PageHash hash_{{17, 4}, memory::page_size()};
  std::vector<PageScan> scans_;
  std::optional<ComparisonTable> table_;
};

TEST_F(ComparisonTest, ConfirmsWhatIsTheSame) {
  Rank first({1, 2, 3, 10});
  Rank second({2, 1, 11, 3});
  Rank third({12, 13, 2, 14});
  compare({&first, &second, &third}, [] {});
  EXPECT_EQ(copies(1), 2U);
  EXPECT_EQ(copies(2), 3U);
  EXPECT_EQ(copies(3), 2U);
  for (const std::uint64_t seed : {10U, 11U, 12U, 13U, 14U, 0U}) EXPECT_FALSE(copies(seed)) << seed;
  EXPECT_FALSE(copies(Rank::shared_seed));
}

TEST_F(ComparisonTest, ClaimsNothingThatHasChanged) {
  Rank first({1, 2, 3});
  Rank second({1, 2, 3});
  compare({&first, &second}, [&] {
    first.change(0);
    second.change(1);
  });
  EXPECT_EQ(copies(1), 0U);
  EXPECT_EQ(copies(2), 0U);
  EXPECT_EQ(copies(3), 2U);
}

// On both in the same way: no longer what was counted, and perhaps equal to other pages by now.
TEST_F(ComparisonTest, ClaimsNothingThatHasChangedTheSameWay) {
  Rank first({1, 2});
  Rank second({1, 2});
  compare({&first, &second}, [&] {
    first.change(0);
    second.change(0);
  });
  EXPECT_EQ(copies(1), 0U);
  EXPECT_EQ(copies(2), 2U);
}

TEST_F(ComparisonTest, TakesMorePagesThanALaneHolds) {
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t seed = 1; seed <= 2 * ComparisonTable::batch_pages + 100; ++seed) seeds.push_back(seed);
  Rank first(seeds);
  Rank second(seeds);
  compare({&first, &second}, [] {});
  EXPECT_GE(table_->batches(), 3U);
  for (const std::uint64_t seed : {std::uint64_t{1}, seeds[seeds.size() / 2], seeds.back()})
    EXPECT_EQ(copies(seed), 2U);
}

TEST(ComparisonTable, OfNothing) {
  const ComparisonTable table({}, 4096);
  EXPECT_EQ(table.batches(), 0U);
  EXPECT_TRUE(table.groups().empty());
}

}  // namespace
}  // namespace tutti::inspect

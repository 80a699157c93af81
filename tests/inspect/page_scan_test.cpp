#include "tutti/inspect/page_scan.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "two_ranks.hpp"

namespace tutti::inspect {
namespace {

class PageScanTest : public ::testing::Test {
 protected:
  const PageHash hash_{{17, 4}, memory::page_size()};

  std::uint64_t hash_of(std::uint64_t seed) const { return hash_(Rank::page(seed).data()).hash; }
  static std::size_t count(const PageScan& scan, std::uint64_t hash) {
    return static_cast<std::size_t>(std::count_if(
        scan.pages.begin(), scan.pages.end(), [&](const ScannedPage& page) { return page.hash == hash; }));
  }
};

TEST_F(PageScanTest, FindsEachPageOnce) {
  const Rank rank({1, 2, 3, 2, 0, 0, 2});
  const PageScan scan = scan_pages({rank.pid()}, hash_, {});
  EXPECT_EQ(scan.error, 0);
  for (const std::uint64_t seed : {1U, 2U, 3U}) EXPECT_EQ(count(scan, hash_of(seed)), 1U) << seed;
  EXPECT_EQ(count(scan, hash_of(0)), 0U);
  EXPECT_EQ(count(scan, hash_of(Rank::shared_seed)), 0U);
  EXPECT_GE(scan.private_bytes, 7 * memory::page_size());
  EXPECT_GE(scan.zero_bytes, 2 * memory::page_size());
  EXPECT_TRUE(std::is_sorted(scan.pages.begin(), scan.pages.end(),
                             [](const ScannedPage& a, const ScannedPage& b) { return a.hash < b.hash; }));
}

TEST_F(PageScanTest, SaysInWhichMapping) {
  const Rank rank({1});
  const PageScan scan = scan_pages({rank.pid()}, hash_, {});
  const auto page = std::find_if(scan.pages.begin(), scan.pages.end(),
                                 [&](const ScannedPage& p) { return p.hash == hash_of(1); });
  ASSERT_NE(page, scan.pages.end());
  const Mapping* const mapping = mapping_of(scan, *page);
  ASSERT_NE(mapping, nullptr);
  EXPECT_EQ(mapping->kind, MappingKind::anonymous);
}

TEST_F(PageScanTest, TakesAFamilyAsOneRank) {
  const Rank first({1, 2});
  const Rank second({2, 3});
  const PageScan scan = scan_pages({first.pid(), second.pid()}, hash_, {});
  for (const std::uint64_t seed : {1U, 2U, 3U}) EXPECT_EQ(count(scan, hash_of(seed)), 1U) << seed;
  ASSERT_EQ(scan.processes.size(), 2U);
}

TEST_F(PageScanTest, EndsEarlyWhenAsked) {
  const Rank rank({1, 2});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(scan_pages({rank.pid()}, hash_, stop.get_token()).pages.empty());
}

TEST_F(PageScanTest, PassesOverAProcessThatHasEnded) {
  const PageScan scan = scan_pages({999999999}, hash_, {});
  EXPECT_EQ(scan.error, 0);
  EXPECT_TRUE(scan.pages.empty());
}

}  // namespace
}  // namespace tutti::inspect

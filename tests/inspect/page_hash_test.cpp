#include "tutti/inspect/page_hash.hpp"

#include <set>

#include <gtest/gtest.h>

#include "tutti/core/random.hpp"

namespace tutti::inspect {
namespace {

constexpr std::size_t page_words = 512;
using Page = std::vector<std::uint64_t>;

Page random_page(std::uint64_t seed) {
  const Random random(seed);
  Page page(page_words);
  for (std::size_t i = 0; i < page.size(); ++i) page[i] = random.bits(static_cast<std::int64_t>(i));
  return page;
}

TEST(PageHash, IsAFunctionOfPageAndKey) {
  const PageHash hash({1, 2}, 4096);
  const PageHash again({1, 2}, 4096);
  const PageHash other({1, 3}, 4096);
  const Page page = random_page(7);
  EXPECT_EQ(hash.page_bytes(), 4096U);
  EXPECT_EQ(hash(page.data()).hash, again(page.data()).hash);
  EXPECT_NE(hash(page.data()).hash, other(page.data()).hash);
  EXPECT_NE(hash(page.data()).hash, hash(random_page(8).data()).hash);
}

TEST(PageHash, KnowsPagesOfZeros) {
  const PageHash hash({1, 2}, 4096);
  Page page(page_words, 0);
  EXPECT_TRUE(hash(page.data()).zero);
  for (const std::size_t word : {std::size_t{0}, std::size_t{7}, std::size_t{300}, page_words - 1}) {
    page[word] = std::uint64_t{1} << 63U;
    EXPECT_FALSE(hash(page.data()).zero) << word;
    page[word] = 0;
  }
}

// Data are mostly regular: few bits set, equal words, words in another order.
TEST(PageHash, TellsSimilarPagesApart) {
  const PageHash hash({5, 6}, 4096);
  std::set<std::uint64_t> seen;
  Page page(page_words, 0);
  std::size_t count = 0;
  for (std::size_t word = 0; word < page_words; ++word)
    for (std::uint64_t bit = 0; bit < 64; ++bit) {
      page[word] = std::uint64_t{1} << bit;
      seen.insert(hash(page.data()).hash);
      page[word] = 0;
      ++count;
    }
  EXPECT_EQ(seen.size(), count);
  Page first = random_page(1);
  const std::uint64_t before = hash(first.data()).hash;
  for (std::size_t word = 1; word < page_words; ++word) {
    std::swap(first[0], first[word]);
    EXPECT_NE(hash(first.data()).hash, before) << word;
    std::swap(first[0], first[word]);
  }
}

TEST(PageHash, TakesPagesOfOtherSizes) {
  for (const std::size_t bytes : {std::size_t{64}, std::size_t{16384}, std::size_t{65536}}) {
    const PageHash hash({1, 2}, bytes);
    Page page(bytes / 8, 3);
    const std::uint64_t before = hash(page.data()).hash;
    page.back() = 4;
    EXPECT_NE(hash(page.data()).hash, before) << bytes;
  }
}

}  // namespace
}  // namespace tutti::inspect

#include "tutti/checkpoint/chunk_sums.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/random.hpp"
#include "tutti/files/crc32.hpp"

namespace tutti::checkpoint {
namespace {

constexpr Index chunk = 100;

std::vector<std::byte> some_bytes(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i)
    bytes[i] = static_cast<std::byte>(Random(7).bits(static_cast<Index>(i)));
  return bytes;
}

// Bytes dealt out in runs of random lengths to some ranks: the sums are always the same.
TEST(ChunkSums, DoNotDependOnWhoHadWhichBytes) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 99, 100, 101, 1000, 1234}) {
    const std::vector<std::byte> bytes = some_bytes(size);
    std::vector<std::uint32_t> right;
    for (std::size_t at = 0; at < size; at += chunk)
      right.push_back(files::crc32(std::span(bytes).subspan(at, std::min<std::size_t>(chunk, size - at))));
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const Random random(seed);
      const std::size_t longest = seed % 2 == 0 ? 7 : 300;
      std::vector<ChunkSums> ranks(3, ChunkSums(chunk));
      for (std::size_t at = 0; at < size;) {
        const auto draw = static_cast<Index>(at);
        const std::size_t count = std::min<std::size_t>(size - at, random.bits(draw) % longest + 1);
        ranks[random.bits(draw, 1) % 3].add(draw, std::span(bytes).subspan(at, count));
        at += count;
      }
      std::vector<ChunkPart> parts;
      for (const ChunkSums& rank : ranks) parts.insert(parts.end(), rank.parts().begin(), rank.parts().end());
      ASSERT_EQ(joined(parts, static_cast<Index>(size), chunk, "x"), right)
          << size << " bytes, seed " << seed;
    }
  }
}

TEST(ChunkSums, NeighboursAreOnePart) {
  const std::vector<std::byte> bytes = some_bytes(250);
  ChunkSums sums(chunk);
  for (std::size_t at = 0; at < 250; at += 10)
    sums.add(static_cast<Index>(at), std::span(bytes).subspan(at, 10));
  ASSERT_EQ(sums.parts().size(), 3U);
  EXPECT_EQ(sums.parts()[2].offset, 200);
  EXPECT_EQ(sums.parts()[2].bytes, 50);
}

TEST(ChunkSums, BytesThatNobodyOrTwoRanksHadAreOurOwnBug) {
  const std::vector<std::byte> bytes = some_bytes(100);
  const auto part = [&](Index offset, std::size_t count) {
    ChunkSums sums(chunk);
    sums.add(offset, std::span(bytes).first(count));
    return sums.parts()[0];
  };
  EXPECT_NO_THROW(joined({part(50, 50), part(0, 50)}, 100, chunk, "x"));
  EXPECT_THROW(joined({part(0, 50), part(51, 49)}, 100, chunk, "x"), InternalError);
  EXPECT_THROW(joined({part(0, 50), part(49, 51)}, 100, chunk, "x"), InternalError);
  EXPECT_THROW(joined({part(0, 50)}, 100, chunk, "x"), InternalError);
  EXPECT_THROW(joined({part(10, 90)}, 100, chunk, "x"), InternalError);
  EXPECT_THROW(joined({part(0, 100)}, 50, chunk, "x"), InternalError);
}

}  // namespace
}  // namespace tutti::checkpoint

#include "tutti/io/share.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/text.hpp"

namespace tutti::io {
namespace {

std::vector<Layout> layouts(Index n, int ranks) {
  std::vector<Index> counts(static_cast<std::size_t>(ranks), 0);
  counts.back() = n - n / 3;
  counts.front() += n / 3;
  std::vector<double> weights(static_cast<std::size_t>(ranks), 1);
  weights.front() = 0;
  weights.back() = 2.5;
  return {block,
          cyclic,
          block_cyclic(2),
          block_cyclic(5),
          block_cyclic(16),
          irregular(counts),
          weighted(weights)};
}

// The elements that a rank picks from the file 0, 1, 2, ..., in their order.
std::vector<Index> picked(const Share& share, Index n, Index most) {
  std::vector<Index> mine;
  for (Index k = 0; k < share.pieces(); ++k) {
    const Range piece = share.piece(k);
    EXPECT_LE(static_cast<Index>(piece.count), most);
    if (piece.count == 0) continue;
    EXPECT_TRUE(piece.first >= 0 && piece.first + static_cast<Index>(piece.count) <= n);
    std::vector<Index> values(piece.count);
    std::iota(values.begin(), values.end(), piece.first);
    std::vector<Index> visited;
    share.visit_runs(piece, [&](std::size_t at, std::size_t count) {
      EXPECT_GT(count, 0U);
      for (std::size_t i = 0; i < count; ++i) visited.push_back(piece.first + static_cast<Index>(at + i));
    });
    const std::size_t kept = share.pick(piece, std::span(values));
    EXPECT_EQ(share.whole(piece), kept == piece.count);
    values.resize(kept);
    EXPECT_EQ(values, visited);
    mine.insert(mine.end(), values.begin(), values.end());
  }
  EXPECT_EQ(share.piece(share.pieces()).count, 0U);  // a rank that has fewer pieces than others
  return mine;
}

TEST(Share, PicksEachElementOnceInItsPlace) {
  for (Index n = 0; n <= 70; n += n < 20 ? 1 : 7)
    for (int ranks = 1; ranks <= 9; ++ranks)
      for (const Layout& layout : layouts(n, ranks))
        for (const std::size_t most : {1U, 2U, 3U, 7U, 16U, 100U}) {
          SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", ranks, " ranks, pieces of ", most));
          const Distribution distribution(layout, n, ranks);
          Index largest = 0;
          for (int rank = 0; rank < ranks; ++rank) {
            const Share share(distribution, rank, most);
            std::vector<Index> owned;
            for (Index i = 0; i < n; ++i)
              if (distribution.owner(i) == rank) owned.push_back(i);
            ASSERT_EQ(picked(share, n, static_cast<Index>(most)), owned) << "rank " << rank;
            largest = std::max(largest, share.pieces());
            ASSERT_LE(share.pieces(), share.most_pieces());
          }
          ASSERT_EQ(Share(distribution, 0, most).most_pieces(), largest);
        }
}

TEST(Share, CountsAndBoundsItsElements) {
  for (const Index n : {0, 1, 13, 40})
    for (int ranks = 1; ranks <= 5; ++ranks)
      for (const Layout& layout : layouts(n, ranks)) {
        const Distribution distribution(layout, n, ranks);
        for (int rank = 0; rank < ranks; ++rank) {
          const Share share(distribution, rank, 4);
          const auto is_mine = [&](Index i) { return distribution.owner(i) == rank; };
          for (Index begin = 0; begin <= n; ++begin) {
            Index before = 0;
            for (Index i = 0; i < begin; ++i) before += is_mine(i) ? 1 : 0;
            ASSERT_EQ(share.count_before(begin), before) << layout.name() << ' ' << begin;
            for (Index end = begin; end <= n; ++end) {
              Index first = begin, last = end;
              while (first < end && !is_mine(first)) ++first;
              while (last > first && !is_mine(last - 1)) --last;
              const Range found = share.within(begin, end);
              ASSERT_EQ(static_cast<Index>(found.count), last - first)
                  << layout.name() << ' ' << begin << ' ' << end;
              if (found.count > 0) {
                ASSERT_EQ(found.first, first);
              }
            }
          }
        }
      }
}

TEST(Share, OfAHugeFileIsArithmetic) {
  const Index n = (Index{1} << 61U) + 5;
  const std::size_t most = 1U << 20U;
  for (const Layout& layout : {block, cyclic, block_cyclic(1000), block_cyclic(Index{1} << 40U)}) {
    const Share share(Distribution(layout, n, 7), 3, most);
    const Range last = share.piece(share.pieces() - 1);
    EXPECT_LE(last.first + static_cast<Index>(last.count), n);
    EXPECT_LE(last.count, most);
    EXPECT_GT(share.piece(share.pieces() / 2).first, 0);
  }
}

}  // namespace
}  // namespace tutti::io

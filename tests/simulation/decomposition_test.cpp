#include "tutti/simulation/decomposition.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "tutti/core/random.hpp"

namespace tutti::simulation {
namespace {

TEST(Decomposition, CutsAreAsGoodAsCanBe) {
  EXPECT_EQ(cuts(std::vector<std::int64_t>{1, 1, 1, 5, 1}, 2), (std::vector<CellIndex>{0, 3, 5}));
  EXPECT_EQ(cuts(std::vector<std::int64_t>{0, 0, 0}, 3), (std::vector<CellIndex>{0, 1, 2, 3}));
  EXPECT_EQ(cuts(std::vector<std::int64_t>{9}, 1), (std::vector<CellIndex>{0, 1}));
  const Random random(5);
  for (Index turn = 0; turn < 200; ++turn) {
    std::vector<std::int64_t> weights(3 + random.bits(turn, 0) % 7);
    for (std::size_t k = 0; k < weights.size(); ++k)
      weights[k] = static_cast<std::int64_t>(random.bits(turn, k + 1) % 20);
    const auto heaviest = [&](const std::vector<CellIndex>& first) {
      std::int64_t most = 0;
      for (std::size_t part = 0; part + 1 < first.size(); ++part)
        most = std::max(most, std::accumulate(weights.begin() + first[part],
                                              weights.begin() + first[part + 1], std::int64_t{0}));
      return most;
    };
    std::int64_t best = INT64_MAX;  // of all ways to cut into three
    const auto end = static_cast<CellIndex>(weights.size());
    for (CellIndex a = 1; a < end; ++a)
      for (CellIndex b = a + 1; b < end; ++b) best = std::min(best, heaviest({0, a, b, end}));
    const std::vector<CellIndex> found = cuts(weights, 3);
    EXPECT_EQ(heaviest(found), best);
    for (std::size_t part = 0; part < 3; ++part) EXPECT_LT(found[part], found[part + 1]);
  }
}

TEST(Decomposition, EveryCellHasOneOwner) {
  const Grid grid{{5, 7, 6}};
  const Random random(8);
  for (const int ranks : {1, 2, 3, 4, 7, 12, 30}) {
    const auto shape = Decomposition::shape(grid, ranks);
    ASSERT_TRUE(shape) << ranks;
    const Decomposition made(
        grid, *shape,
        [&](const Decomposition::Visit& visit) {
          for (CellIndex z = 0; z < 6; ++z)
            for (CellIndex y = 0; y < 7; ++y)
              for (CellIndex x = 0; x < 5; ++x)
                visit(x, y, z, static_cast<std::int64_t>(random.bits(Index{z} * 35 + y * 5 + x, 0) % 9));
        },
        [](std::span<std::int64_t>) {});
    Index cells = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      const Brick brick = made.brick(rank);
      for (CellIndex z = brick.first[2]; z < brick.first[2] + brick.size[2]; ++z)
        for (CellIndex y = brick.first[1]; y < brick.first[1] + brick.size[1]; ++y)
          for (CellIndex x = brick.first[0]; x < brick.first[0] + brick.size[0]; ++x, ++cells)
            EXPECT_EQ(made.owner(x, y, z), rank);
    }
    EXPECT_EQ(cells, grid.total());
  }
}

TEST(Decomposition, TooFewCells) {
  EXPECT_FALSE(Decomposition::shape({{2, 2, 2}}, 7));
  EXPECT_FALSE(Decomposition::shape({{1, 1, 3}}, 4));
  EXPECT_TRUE(Decomposition::shape({{2, 2, 2}}, 8));
}

TEST(Decomposition, CellsThatCanBeSharedOut) {
  EXPECT_EQ(Decomposition::suited({{11, 11, 11}}, {2, 1, 1}).cells,
            (std::array<CellIndex, axes>{11, 11, 10}));
  EXPECT_EQ(Decomposition::suited({{12, 12, 12}}, {2, 2, 1}).cells,
            (std::array<CellIndex, axes>{12, 12, 12}));
}

}  // namespace
}  // namespace tutti::simulation

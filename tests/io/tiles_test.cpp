#include "tutti/io/tiles.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::io {
namespace {

std::vector<std::vector<Index>> small_shapes() {
  std::vector<std::vector<Index>> shapes{{}};
  for (Index a = 0; a <= 9; ++a) shapes.push_back({a});
  for (Index a = 0; a <= 7; ++a)
    for (Index b = 0; b <= 7; ++b) shapes.push_back({a, b});
  for (Index a = 1; a <= 5; ++a)
    for (Index b = 1; b <= 5; ++b)
      for (Index c = 1; c <= 5; ++c) shapes.push_back({a, b, c});
  shapes.insert(
      shapes.end(),
      {{2, 2, 2, 2, 2, 2, 2}, {3, 1, 4, 1, 5}, {1, 1, 1}, {2, 0, 3}, {13, 2, 1, 7}, {100, 3}, {3, 100}});
  return shapes;
}

TEST(TileGrid, CoversEveryIndexOnceInTilesThatFit) {
  for (const auto& shape : small_shapes()) {
    for (const Index most : {1, 2, 3, 5, 16, 64, 1000}) {
      const TileGrid grid(shape, most);
      const Index size = Box{{}, shape}.size();
      std::vector<int> seen(static_cast<std::size_t>(size));
      Index largest = 0;
      for (Index k = 0; k < grid.count(); ++k) {
        const Box tile = grid.tile(k);
        ASSERT_LE(tile.size(), most);
        ASSERT_GE(tile.size(), 1);
        largest = std::max(largest, tile.size());
        for (Index offset = 0; offset < tile.size(); ++offset)
          ++seen[static_cast<std::size_t>(logical_index(shape, tile, offset))];
      }
      EXPECT_EQ(grid.largest(), largest);
      EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), size);
    }
  }
}

TEST(TileGrid, OneTileIfItFits) {
  EXPECT_EQ(TileGrid({}).count(), 1);
  EXPECT_EQ(TileGrid({0}).count(), 0);
  EXPECT_EQ(TileGrid({3, 0, 5}).largest(), 0);
  EXPECT_EQ(TileGrid({700, 700}).count(), 1);
  EXPECT_EQ(TileGrid({usual_tile_elements}).count(), 1);
  EXPECT_EQ(TileGrid({usual_tile_elements + 1}).count(), 2);
}

// Consecutive elements of a file that a tile reads at once, fastest dimension first.
Index run(const std::vector<Index>& shape, const Box& tile, bool fortran_order) {
  Index length = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t d = fortran_order ? i : shape.size() - 1 - i;
    length *= tile.extent[d];
    if (tile.extent[d] < shape[d]) break;
  }
  return length;
}

TEST(TileGrid, RunsAreLongInBothFiles) {
  const std::vector<std::vector<Index>> shapes{
      {1000, 1000, 5},    {725, 725},       {100000, 100000}, {1000000, 3},    {3, 1000000},
      {4000, 1, 3, 4000}, {50, 50, 50, 50}, {7, 100000, 11},  {700, 700, 700}, std::vector<Index>(24, 2)};
  for (const auto& shape : shapes) {
    const TileGrid grid(shape);
    EXPECT_LE(grid.largest(), usual_tile_elements);
    EXPECT_GE(grid.largest() * 4, usual_tile_elements);
    for (const Index k : {Index{0}, grid.count() / 2, grid.count() - 1}) {
      EXPECT_GE(run(shape, grid.tile(k), false), 180) << testing::PrintToString(shape);
      EXPECT_GE(run(shape, grid.tile(k), true), 180) << testing::PrintToString(shape);
    }
  }
}

TEST(TileGrid, TheExampleOfItsComment) {
  const TileGrid grid({1000, 1000, 5});
  EXPECT_EQ(grid.tile(0).extent, (std::vector<Index>{500, 143, 5}));
  EXPECT_EQ(grid.tile(grid.count() - 1).extent, (std::vector<Index>{500, 142, 5}));
}

TEST(TileGrid, HugeShapesDoNotOverflow) {
  const std::vector<Index> shape{Index{1} << 20U, (Index{1} << 20U) + 1, 1, Index{1} << 19U};
  const TileGrid grid(shape);
  const Box last = grid.tile(grid.count() - 1);
  for (std::size_t d = 0; d < shape.size(); ++d) EXPECT_EQ(last.first[d] + last.extent[d], shape[d]);
  const TileGrid line({(Index{1} << 62U) + 1});
  const Box end = line.tile(line.count() - 1);
  EXPECT_EQ(end.first[0] + end.extent[0], (Index{1} << 62U) + 1);
}

TEST(TileGrid, RefusesNonsense) {
  EXPECT_THROW(TileGrid({3}, 0), InternalError);
  EXPECT_THROW(TileGrid({3}).tile(1), InternalError);
  EXPECT_THROW(TileGrid({3}).tile(-1), InternalError);
  EXPECT_THROW(TileGrid({0}).tile(0), InternalError);
}

TEST(LogicalIndex, IsThePositionInTheOtherOrder) {
  const std::vector<Index> expected{0, 3, 1, 4, 2, 5};
  for (Index position = 0; position < 6; ++position)
    EXPECT_EQ(logical_index({2, 3}, position), expected[static_cast<std::size_t>(position)]);
  // Counting up in Fortran order by hand.
  for (const auto& shape : small_shapes()) {
    std::vector<Index> index(shape.size());
    for (Index position = 0; position < Box{{}, shape}.size(); ++position) {
      Index logical = 0;
      for (std::size_t d = 0; d < shape.size(); ++d) logical = logical * shape[d] + index[d];
      ASSERT_EQ(logical_index(shape, position), logical);
      ASSERT_EQ(fortran_position(shape, logical), position);
      for (std::size_t d = 0; d < shape.size() && ++index[d] == shape[d]; ++d) index[d] = 0;
    }
  }
}

}  // namespace
}  // namespace tutti::io

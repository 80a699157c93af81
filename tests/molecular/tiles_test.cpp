#include "tutti/molecular/tiles.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

// The stored index of a neighbour of a stored own cell.
CellIndex beside(const StoredAxis& axis, CellIndex cell, int step) {
  return static_cast<CellIndex>((static_cast<int>(cell + axis.stored) + step) %
                                static_cast<int>(axis.stored));
}

using Place = std::array<CellIndex, axes>;

// For one division: each own cell is in one tile, and has all its neighbours, once, in the block.
void check(const Grid& grid, const Brick& brick) {
  memory::Ledger ledger;
  Cells cells(grid, brick, ledger);
  Atoms none(0, 0, ledger);
  cells.sort_own(none);
  const Tiles tiles(cells);
  std::set<Place> own;
  for (std::size_t index = 0; index < tiles.count(); ++index) {
    const Tile tile = tiles[index];
    std::array<std::size_t, axes> k{};
    for (k[2] = 0; k[2] < tile.axis[2].size; ++k[2])
      for (k[1] = 0; k[1] < tile.axis[1].size; ++k[1])
        for (k[0] = 0; k[0] < tile.axis[0].size; ++k[0]) {
          Place cell{};
          for (std::size_t a = 0; a < axes; ++a) {
            const TileAxis& axis = tile.axis[a];
            const StoredAxis& stored = cells.axis(static_cast<int>(a));
            cell[a] = axis.first + static_cast<CellIndex>(k[a]);
            EXPECT_EQ(axis.stored(axis.own(k[a]), stored), cell[a]);
            std::multiset<CellIndex> found;
            for (std::size_t b = 0; b < axis.neighbours(); ++b)
              found.insert(axis.stored(axis.first_neighbour(k[a]) + b, stored));
            const std::set<CellIndex> expected{beside(stored, cell[a], -1), cell[a],
                                               beside(stored, cell[a], 1)};
            EXPECT_EQ(found, std::multiset<CellIndex>(expected.begin(), expected.end()));
            std::set<CellIndex> block;
            for (std::size_t b = 0; b < axis.width; ++b) block.insert(axis.stored(b, stored));
            EXPECT_EQ(block.size(), axis.width);  // each cell once
          }
          EXPECT_TRUE(cells.is_own(cell[0], cell[1], cell[2]));
          EXPECT_TRUE(own.insert(cell).second);
        }
  }
  EXPECT_EQ(own.size(), std::size_t{brick.size[0]} * brick.size[1] * brick.size[2]);
}

TEST(Tiles, EveryCellOnceWithAllItsNeighbours) {
  for (CellIndex global = 1; global <= 7; ++global)
    for (CellIndex first = 0; first < global; ++first)
      for (CellIndex size = 1; first + size <= global; ++size)
        for (const CellIndex other : {CellIndex{1}, CellIndex{2}, CellIndex{5}}) {
          SCOPED_TRACE(text(global, " cells, own ", first, " and ", size - 1, " more; others ", other));
          check({{global, other, 4}}, {{first, 0, 0}, {size, other, 4}});
          check({{other, 3, global}}, {{0, 1, first}, {other, 1, size}});
        }
}

TEST(Tiles, BlocksNumberTheirParticles) {
  const System system = liquid(10);
  memory::Ledger ledger;
  const Grid grid = Grid::for_reach(system.box, 2.6, 1000);
  Cells cells(grid, {{0, 0, 0}, grid.cells}, ledger);
  Atoms atoms(system.particles.size(), 0, ledger);
  std::copy(system.particles.begin(), system.particles.end(), atoms.positions().begin());
  cells.sort_own(atoms);
  const Tiles tiles(cells);
  std::size_t largest = 0;
  for (std::size_t index = 0; index < tiles.count(); ++index) {
    const Block block = tiles[index].block(cells);
    std::uint32_t next = 0;
    for (std::size_t k = 0; k < block.number_of_cells(); ++k) {
      EXPECT_EQ(block.cells[k].offset, next);
      next += block.cells[k].range.size;
    }
    EXPECT_EQ(block.particles, next);
    largest = std::max(largest, block.particles);
  }
  EXPECT_EQ(tiles.largest_block(), largest);
}

TEST(Tiles, TooManyParticlesForSixteenBits) {
  memory::Ledger ledger;
  const Grid grid{{2, 2, 2}};
  Cells cells(grid, {{0, 0, 0}, grid.cells}, ledger);
  Atoms atoms(Block::most_particles + 1, 0, ledger);
  cells.sort_own(atoms);  // all in one place
  try {
    const Tiles tiles(cells);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(
        error.message(),
        "a cell and its neighbours hold 65001 particles, of at most 65000; give a shorter cutoff or skin");
  }
}

}  // namespace
}  // namespace tutti::molecular

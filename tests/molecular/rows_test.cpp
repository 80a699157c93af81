#include "tutti/molecular/rows.hpp"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

using Neighbours = std::map<Index, std::multiset<Index>>;

// The neighbours of all particles, by ids.
Neighbours built(const System& system, double reach, double cell_width, const Kernel& kernel) {
  memory::Ledger ledger;
  const Grid grid = Grid::for_reach(system.box, cell_width, static_cast<Index>(system.particles.size()));
  Cells cells(grid, {{0, 0, 0}, grid.cells}, ledger);
  Atoms atoms(system.particles.size(), 0, ledger);
  std::copy(system.particles.begin(), system.particles.end(), atoms.positions().begin());
  cells.sort_own(atoms);
  Rows rows(ledger);
  rows.build(system.box, atoms.view(), cells, Tiles(cells), reach, kernel);
  Neighbours found;
  std::uint64_t entries = 0;
  for (std::size_t index = 0; index < rows.tiles(); ++index) {
    const TileRows tile = rows[index];
    const auto id = [&](std::size_t number) {
      for (const Run& run : tile.block)
        if (number >= run.offset && number < std::size_t{run.offset} + run.size)
          return atoms.positions()[run.first + number - run.offset].id();
      ADD_FAILURE() << number << " is not in the block";
      return Index{-1};
    };
    const std::uint16_t* entry = tile.batch.entries;
    std::size_t vectors = 0;
    for (const Row& row : tile.batch.rows) {
      EXPECT_GE((row.count + 15U) / 16, vectors);  // in the order of their vectors
      vectors = (row.count + 15U) / 16;
      std::multiset<Index>& mine = found[id(row.self)];
      for (std::size_t k = 0; k < row.count; ++k) mine.insert(id(*entry++));
      entries += row.count;
    }
    std::size_t own = 0;
    for (const Run& run : tile.own) own += run.size;
    EXPECT_EQ(own, tile.batch.rows.size());
  }
  EXPECT_EQ(rows.entries(), entries);
  return found;
}

double distance(const Box& box, const Position& a, const Position& b) {
  const double x = box.length(static_cast<std::int64_t>(a.x - b.x), 0);
  const double y = box.length(static_cast<std::int64_t>(a.y - b.y), 1);
  const double z = box.length(static_cast<std::int64_t>(a.z - b.z), 2);
  return std::sqrt(x * x + y * y + z * z);
}

void check(const System& system, double reach, double cell_width) {
  const Neighbours found = built(system, reach, cell_width, kernels().front());
  ASSERT_EQ(found.size(), system.particles.size());
  const Grid grid = Grid::for_reach(system.box, cell_width, static_cast<Index>(system.particles.size()));
  std::size_t superfluous = 0;
  std::size_t needed = 0;
  for (const Position& a : system.particles) {
    const std::multiset<Index>& mine = found.at(a.id());
    EXPECT_EQ(mine.count(a.id()), 0U);
    for (const Position& b : system.particles) {
      const bool near = distance(system.box, a, b) <= reach && a.id() != b.id();
      EXPECT_LE(mine.count(b.id()), 1U);
      if (near) {
        EXPECT_EQ(mine.count(b.id()), 1U) << a.id() << ' ' << b.id();
      }
      needed += near ? 1 : 0;
      superfluous += near ? 0 : mine.count(b.id());
    }
  }
  if (*std::min_element(grid.cells.begin(), grid.cells.end()) >= 3) {
    EXPECT_LE(superfluous, needed / 50 + 10);
  }
  for (const Kernel& kernel : kernels())
    EXPECT_TRUE(built(system, reach, cell_width, kernel) == found) << kernel.name;
}

TEST(Rows, HoldAllWhoAreNearAndFewMore) {
  check(liquid(10), 2.8, 2.8);
  check(liquid(9), 2.8, 3.1);  // 3 cells
  check(liquid(7), 2.8, 2.8);  // 2 cells
  check(liquid(5), 2.6, 2.6);  // 2 cells, half the box
  check(mixture(), 2.9, 2.9);  // 3, 3 and 2 cells
  check(lattice_system({24, 4, 4}, 1.1, 0.1, Interactions::of_one_type({1, 1, 2}, Truncation::plain)), 2.2,
        2.2);
}

TEST(Rows, AGasHasShortOnes) {
  check(lattice_system({6, 6, 6}, 4, 1.9, Interactions::of_one_type({1, 1, 2.5}, Truncation::plain)), 2.8,
        2.8);
}

TEST(Rows, PlacesAtTheBoundaryAndOnTopOfOneAnother) {
  System system{Box({12, 12, 12}), Interactions::of_one_type({}, Truncation::plain), {}};
  Index id = 0;
  for (const double x : {0.0, 1e-15, 11.999999999999999, 3.0, 2.9999999999999996, 6.0, 9.0})
    for (const double y : {0.0, 5.9999999999999991, 6.0})
      system.particles.push_back(at(system.box, x, y, x, id++));
  system.particles.push_back(at(system.box, 0, 0, 0, id++));
  check(system, 2.8, 3);
}

TEST(Rows, AreMadeAgainForOtherPositionsAndSizes) {
  memory::Ledger ledger;
  Rows rows(ledger);
  for (const int edge : {9, 12, 7, 12}) {
    const System system = liquid(edge);
    const Grid grid = Grid::for_reach(system.box, 2.8, static_cast<Index>(system.particles.size()));
    Cells cells(grid, {{0, 0, 0}, grid.cells}, ledger);
    Atoms atoms(system.particles.size(), 0, ledger);
    std::copy(system.particles.begin(), system.particles.end(), atoms.positions().begin());
    cells.sort_own(atoms);
    rows.build(system.box, atoms.view(), cells, Tiles(cells), 2.8, kernel());
    std::size_t count = 0;
    for (std::size_t index = 0; index < rows.tiles(); ++index) count += rows[index].batch.rows.size();
    EXPECT_EQ(count, system.particles.size());
  }
}

}  // namespace
}  // namespace tutti::molecular

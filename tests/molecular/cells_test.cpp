#include "tutti/molecular/cells.hpp"

#include <set>

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

TEST(Cells, AsManyAsAreWideEnough) {
  const Box box({10, 20, 9});
  EXPECT_EQ(Grid::for_reach(box, 2.5, 100000).cells, (std::array<CellIndex, axes>{4, 8, 3}));
  EXPECT_EQ(Grid::for_reach(box, 10, 100000).cells, (std::array<CellIndex, axes>{1, 2, 1}));
  // 11.7 / 1.3 is rounded to 9, but the ninth part of 11.7 is less than 1.3.
  EXPECT_EQ(Grid::for_reach(Box({11.7, 11.7, 11.7}), 1.3, 100000).cells[0], 8U);
  EXPECT_LE(Grid::for_reach(Box({1000, 1000, 1000}), 1, 5000).total(), 5000);
}

TEST(Cells, CellsOfFractions) {
  const Grid grid{{3, 1, 7}};
  EXPECT_EQ(grid.cell(0, 0), 0U);
  EXPECT_EQ(grid.cell(~std::uint64_t{0}, 0), 2U);
  EXPECT_EQ(grid.cell(~std::uint64_t{0} / 3, 0), 0U);
  EXPECT_EQ(grid.cell(~std::uint64_t{0} / 3 + 1, 0), 1U);
  EXPECT_EQ(grid.cell(~std::uint64_t{0}, 1), 0U);
  EXPECT_EQ(grid.cell(~std::uint64_t{0}, 2), 6U);
}

// The examples of StoredAxis.
TEST(Cells, WhatAProcessStores) {
  memory::Ledger ledger;
  const auto axis = [&](CellIndex global, CellIndex first, CellIndex size) {
    return Cells({{global, 1, 1}}, {{first, 0, 0}, {size, 1, 1}}, ledger).axis(0);
  };
  StoredAxis some = axis(6, 1, 2);
  EXPECT_EQ(some.stored, 4U);
  EXPECT_EQ(some.start, 0U);
  EXPECT_EQ(some.own_start, 1U);
  EXPECT_FALSE(some.wraps());
  some = axis(6, 4, 2);
  EXPECT_EQ(some.start, 3U);
  EXPECT_EQ(some.stored_index(0), 3U);
  EXPECT_GE(some.stored_index(2), some.stored);
  some = axis(3, 0, 2);
  EXPECT_EQ(some.stored, 3U);
  EXPECT_TRUE(some.wraps());
  EXPECT_EQ(some.stored_index(2), 0U);
  some = axis(5, 0, 5);
  EXPECT_EQ(some.own_start, 0U);
  EXPECT_EQ(some.stored_index(4), 4U);
}

TEST(Cells, SortsOwnAndHaloWithTheirMomenta) {
  const System system = liquid(9);
  const Grid grid = Grid::for_reach(system.box, 2.4, 1000);
  ASSERT_EQ(grid.cells[0], 3U);
  const Brick brick{{1, 0, 2}, {1, 3, 1}};
  memory::Ledger ledger;
  Cells cells(grid, brick, ledger);
  std::vector<Position> own, halo;
  for (const Position& p : system.particles) (is_own(brick, grid, p) ? own : halo).push_back(p);
  Atoms atoms(own.size(), halo.size(), ledger);
  atoms.set_halo(halo.size());
  std::copy(own.begin(), own.end(), atoms.positions().begin());
  std::copy(halo.begin(), halo.end(), atoms.positions().begin() + static_cast<std::ptrdiff_t>(own.size()));
  for (std::size_t i = 0; i < own.size(); ++i) atoms.momenta()[i].x = own[i].id();
  cells.sort_own(atoms);
  sort_halo(cells, atoms);

  std::set<Index> seen;
  for (CellIndex z = 0; z < 3; ++z)
    for (CellIndex y = 0; y < 3; ++y)
      for (CellIndex x = 0; x < 3; ++x) {
        const Cells::Range range = cells.range(x, y, z);
        for (std::uint32_t i = range.first; i < range.first + range.size; ++i) {
          const Position& p = atoms.positions()[i];
          EXPECT_EQ(cells.axis(0).stored_index(grid.cell(p.x, 0)), x);
          EXPECT_EQ(cells.axis(1).stored_index(grid.cell(p.y, 1)), y);
          EXPECT_EQ(cells.axis(2).stored_index(grid.cell(p.z, 2)), z);
          EXPECT_EQ(i < atoms.own(), cells.is_own(x, y, z));
          if (i < atoms.own()) {
            EXPECT_EQ(atoms.momenta()[i].x, p.id());
          }
          EXPECT_TRUE(seen.insert(p.id()).second);
        }
      }
  EXPECT_EQ(seen.size(), system.particles.size());
}

TEST(Cells, AParticleInTheWrongPlaceIsOurError) {
  const System system = liquid(9);
  const Grid grid = Grid::for_reach(system.box, 2.3, 1000);
  ASSERT_EQ(grid.cells[0], 4U);
  memory::Ledger ledger;
  Cells cells(grid, {{0, 0, 0}, {1, 4, 4}}, ledger);
  Atoms atoms(system.particles.size(), 0, ledger);
  std::copy(system.particles.begin(), system.particles.end(), atoms.positions().begin());
  EXPECT_THROW(cells.sort_own(atoms), InternalError);
}

}  // namespace
}  // namespace tutti::molecular

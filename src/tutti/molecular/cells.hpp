// A grid of cells over the box, at least as wide as particles see, and the particles of a process sorted into
// them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "tutti/molecular/atoms.hpp"
#include "tutti/molecular/box.hpp"

namespace tutti::molecular {

using CellIndex = std::uint32_t;

/// How the box is divided: n equal cells along each axis. A particle with fraction X is in cell X * n / 2^64.
/// The same on all ranks.
struct Grid {
  std::array<CellIndex, axes> cells;

  /// As many cells as are at least `reach` wide, but not many more than particles.
  /// @param reach  length
  static Grid for_reach(const Box& box, double reach, Index particles);

  Index total() const { return Index{cells[0]} * cells[1] * cells[2]; }
  CellIndex cell(std::uint64_t fraction, int axis) const {
    return static_cast<CellIndex>(Uint128{fraction} * cells[static_cast<std::size_t>(axis)] >> 64U);
  }
  double width(const Box& box, int axis) const {
    return box.edge(axis) / static_cast<double>(cells[static_cast<std::size_t>(axis)]);
  }
};

/// A brick of cells.
struct Brick {
  std::array<CellIndex, axes> first;
  std::array<CellIndex, axes> size;
};

/// One axis of what a process stores: its own cells and one more on each side, or all of them.
///   6 cells, own 1 and 2:  0 [1 2] 3     stored 4 from 0 on, own from stored 1 on
///   6 cells, own 4 and 5:  3 [4 5] 0     stored 4 from 3 on
///   3 cells, own 0 and 1:  [0 1] 2       stored 3, wraps: 2 is on both sides
struct StoredAxis {
  CellIndex global;  ///< cells of the whole box
  CellIndex start;   ///< the first one stored, as a global index
  CellIndex stored;
  CellIndex own_start;  ///< as a stored index
  CellIndex own;

  bool wraps() const { return stored == global; }
  /// The stored index of a global one; at least `stored` if it is not here.
  CellIndex stored_index(CellIndex cell) const {
    return cell >= start ? cell - start : cell + global - start;
  }
};

/// Particles by cells.
class Cells {
 public:
  /// @param own  the cells of this process; the whole grid, if it is alone
  Cells(const Grid& grid, const Brick& own, memory::Ledger& ledger);

  const Grid& grid() const { return grid_; }
  const StoredAxis& axis(int axis) const { return axes_[static_cast<std::size_t>(axis)]; }

  /// Sorts the own particles by cell, and by octant within it. All must be in own cells.
  void sort_own(Atoms& atoms);
  /// Sorts the halo by cell. All must be in stored cells that are not own.
  void sort_halo(Atoms& atoms);

  /// The particles of a stored cell: a range of Atoms::positions().
  struct Range {
    std::uint32_t first;
    std::uint32_t size;
  };
  const Range& range(CellIndex x, CellIndex y, CellIndex z) const {
    return ranges_[(std::size_t{z} * axes_[1].stored + y) * axes_[0].stored + x];
  }
  bool is_own(CellIndex x, CellIndex y, CellIndex z) const;

 private:
  std::size_t stored_cell(const Position& position) const;
  void permute(Atoms& atoms, std::size_t first, std::span<std::uint32_t> target) const;

  Grid grid_;
  std::array<StoredAxis, axes> axes_{};
  memory::Buffer<Range> ranges_;
  memory::Ledger* ledger_;
};

}  // namespace tutti::molecular

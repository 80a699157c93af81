// A grid of cells over the box, at least as wide as particles see, and the particles of a process sorted into
// them.
#pragma once

#include <algorithm>
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

  static StoredAxis of(CellIndex global, CellIndex first, CellIndex size) {
    const CellIndex stored = std::min(global, size + 2);
    const CellIndex before = stored == global && size == global ? 0 : 1;
    return {global, (first + global - before) % global, stored, before, size};
  }

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

  /// The particles of a stored cell: a range of View::positions.
  struct Range {
    std::uint32_t first;
    std::uint32_t size;
  };

  /// The place of each particle in the order of cells, and of octants within them, and the ranges of cells.
  /// All particles must be in stored cells.
  /// @param places  as many as positions; positions[i] belongs to places[i]
  void order(std::span<const Position> positions, std::span<std::uint32_t> places);
  /// Sorts the own particles so. All must be in own cells.
  void sort_own(Atoms& atoms);
  /// Where a cell of the halo lies, by its number.
  void set_range(std::size_t cell, const Range& range) { ranges_[cell] = range; }
  const Range& range(std::size_t cell) const { return ranges_[cell]; }
  /// The number of a stored cell.
  std::size_t number(CellIndex x, CellIndex y, CellIndex z) const {
    return (std::size_t{z} * axes_[1].stored + y) * axes_[0].stored + x;
  }
  std::size_t stored() const { return ranges_.size(); }
  const Range& range(CellIndex x, CellIndex y, CellIndex z) const { return ranges_[number(x, y, z)]; }
  bool is_own(CellIndex x, CellIndex y, CellIndex z) const;

 private:
  std::size_t stored_cell(const Position& position) const;

  Grid grid_;
  std::array<StoredAxis, axes> axes_{};
  memory::Buffer<Range> ranges_;
  memory::Ledger* ledger_;
};

}  // namespace tutti::molecular

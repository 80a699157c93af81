// Arrays of equal shape but different memory order, one C and one Fortran: cut into rectangular tiles, in
// which both can be read in long pieces and paired element by element by index.
#pragma once

#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti::io {

/// A rectangular part of an array: in dimension d the indices first[d] .. first[d] + extent[d] - 1.
struct Box {
  std::vector<Index> first;
  std::vector<Index> extent;

  /// Elements.
  Index size() const;
};

/// Elements of a tile that fits the caches and a small memory: 4 MiB of float64.
inline constexpr Index usual_tile_elements = Index{1} << 19U;

/// The tiles of an array, by number, in closed form: so ranks divide them as they divide elements.
///
/// shape (1000, 1000, 5), 2^19 elements a tile: tiles of (500, 143 or 142, 5) - a C-order file is read in
/// runs of 715 elements (the last dimensions), a Fortran-order file in runs of 500 (the first ones).
///
/// With m elements at most, runs of both kinds have about sqrt(m) / 2 elements or more, where the shape
/// allows.
class TileGrid {
 public:
  /// @param shape          any, also 0-d (one tile of one element) or empty (no tile)
  /// @param most_elements  of a tile, >= 1
  explicit TileGrid(std::vector<Index> shape, Index most_elements = usual_tile_elements);

  const std::vector<Index>& shape() const { return shape_; }

  /// Number of tiles.
  Index count() const { return count_; }

  /// Elements of the largest tile: what a buffer must hold.
  Index largest() const;

  /// Tile k of 0 .. count() - 1. The tiles cover every index once; in a dimension, extents differ by at
  /// most 1.
  Box tile(Index k) const;

 private:
  std::vector<Index> shape_;
  std::vector<Index> parts_;  // tiles in each dimension
  Index count_ = 0;
};

/// The C-order index of the element at a position of a Fortran-order file, and back. O(dimensions) divisions.
/// shape (2, 3): Fortran position 0 1 2 3 4 5 is C-order index 0 3 1 4 2 5
Index logical_index(const std::vector<Index>& shape, Index fortran_position);
Index fortran_position(const std::vector<Index>& shape, Index logical_index);

/// The C-order index, in the whole array, of element `offset` (in C order) of a box: the place of a minimum.
Index logical_index(const std::vector<Index>& shape, const Box& box, Index offset);

}  // namespace tutti::io

// Tiles: bricks of up to 2 x 2 x 2 own cells, whose rows of neighbours are made and used together. All
// neighbours of a tile's particles are in its block: the tile and the cells around it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tutti/molecular/cells.hpp"

namespace tutti::molecular {

/// The block of one tile. Its particles are numbered from 0, cell by cell, x fastest: such a number is what
/// rows of neighbours hold, and 16 bits are enough for it.
struct Block {
  static constexpr std::size_t most_cells = 64;         ///< 4 x 4 x 4
  static constexpr std::size_t most_particles = 65000;  ///< numbered with 16 bits, and some slack

  struct Cell {
    Cells::Range range;    ///< of Atoms::positions()
    std::uint32_t offset;  ///< the number in the block of its first particle
  };
  std::array<std::size_t, axes> width;  ///< in cells
  std::array<Cell, most_cells> cells;
  std::size_t particles;

  std::size_t number_of_cells() const { return width[0] * width[1] * width[2]; }
  std::size_t cell_index(std::size_t x, std::size_t y, std::size_t z) const {
    return (z * width[1] + y) * width[0] + x;
  }
};

/// One axis of a tile.
///   wide enough: cells 3 and 4 of a tile, block 2 3 4 5; the neighbours of cell 3 are 2 3 4
///   a box of 2 cells: a tile of cell 1, block 1 0: all are neighbours
struct TileAxis {
  CellIndex first;  ///< stored index of the tile's first cell
  CellIndex size;   ///< 1 or 2
  CellIndex width;  ///< of the block
  bool all;         ///< the block has fewer than 3 cells, the tile's own is the first

  /// Block coordinate of the tile's k-th cell, and of the first of its neighbours; there are neighbours() of
  /// them.
  std::size_t own(std::size_t k) const { return all ? 0 : k + 1; }
  std::size_t first_neighbour(std::size_t k) const { return all ? 0 : k; }
  std::size_t neighbours() const { return all ? width : 3; }
  /// Stored index of the block's cell b.
  CellIndex stored(std::size_t b, const StoredAxis& axis) const;
};

struct Tile {
  std::array<TileAxis, axes> axis;

  Block block(const Cells& cells) const;
};

/// The tiles of all own cells.
class Tiles {
 public:
  /// @throws UsageError if a block has more particles than 16 bits can number: the cutoff is too long
  explicit Tiles(const Cells& cells);

  std::size_t count() const { return count_[0] * count_[1] * count_[2]; }
  Tile operator[](std::size_t index) const;
  std::size_t largest_block() const { return largest_block_; }  ///< in particles
  std::size_t most_own() const { return most_own_; }            ///< particles of one tile

 private:
  void arrange();
  void measure();

  const Cells* cells_;
  std::array<std::size_t, axes> size_{};  // of tiles, in cells; the last of a row may have less
  std::array<std::size_t, axes> count_{};
  std::size_t largest_block_ = 0;
  std::size_t most_own_ = 0;
};

}  // namespace tutti::molecular

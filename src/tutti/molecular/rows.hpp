// Rows of neighbours: for each own particle, who may be near enough to act on it. Only a filter: who is in a
// row and acts nothing adds exactly nothing, so that neither when rows are made nor how far they reach shows
// in any bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tutti/molecular/kernels.hpp"
#include "tutti/molecular/tiles.hpp"

namespace tutti::molecular {

/// Particles that follow one another both in View::positions and in a block.
struct Run {
  std::uint32_t first;  ///< of View::positions
  std::uint16_t size;
  std::uint16_t offset;  ///< the number in the block of its first particle
};

/// What is needed to compute with the rows of a tile.
struct TileRows {
  RowBatch batch;
  std::span<const Run> block;  ///< all particles of the block
  std::span<const Run> own;    ///< those of the tile that have rows: the own ones
  bool inner;                  ///< all particles of the block are own ones
};

/// The rows of all own particles, tile by tile, in 16-bit entries: 2 bytes a neighbour, instead of 4 or 8.
class Rows {
 public:
  explicit Rows(memory::Ledger& ledger) : ledger_(&ledger) {}

  /// Makes all rows anew, from the present positions.
  /// @param reach  length; neighbours within it are found (and some a little beyond). At most the width of a
  /// cell
  ///               less what particles have moved since they were sorted
  void build(const Box& box, const View& view, const Cells& cells, const Tiles& tiles, double reach,
             const Kernel& kernel);

  std::size_t tiles() const { return tiles_.size(); }
  /// The rows of a tile, and its block as it was when they were made. They are ordered by their number of
  /// entries, in steps of 16: loops over them then end where the processor expects it.
  TileRows operator[](std::size_t tile) const;
  /// Particles of the largest block.
  std::size_t largest_block() const { return largest_block_; }
  /// Of View::positions, when they were made.
  std::size_t own_first() const { return own_first_; }

  /// Entries of all rows.
  std::uint64_t entries() const { return entries_; }

 private:
  struct Place {
    std::uint32_t first_row;
    std::uint32_t rows;
    std::uint32_t chunk;
    std::uint32_t entry;      // of the chunk
    std::uint32_t first_run;  // those of the block, then the own ones
    std::uint16_t block_runs;
    std::uint16_t own_runs;
    bool inner;
  };
  class TileWork;

  void store(TileWork& work, Place& place);
  void store(const Tile& tile, const Block& block, const View& view, Place& place);
  std::uint16_t* room_for(std::size_t count, Place& place);

  memory::Ledger* ledger_;
  std::vector<Place> tiles_;
  std::vector<Run> runs_;
  std::size_t largest_block_ = 0;
  std::size_t own_first_ = 0;
  std::size_t own_ = 0;
  memory::Buffer<Row> rows_;
  // Chunks, so that growing copies nothing and no memory waits for what may come.
  std::vector<memory::Buffer<std::uint16_t>> chunks_;
  std::size_t chunk_ = 0;
  std::size_t used_ = 0;  // of the chunk
  std::size_t used_rows_ = 0;
  std::uint64_t entries_ = 0;
};

}  // namespace tutti::molecular

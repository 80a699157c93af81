#include "tutti/molecular/tiles.hpp"

#include <algorithm>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::molecular {

CellIndex TileAxis::stored(std::size_t b, const StoredAxis& axis) const {
  const auto step = static_cast<CellIndex>(b);
  if (all) return (first + step) % axis.stored;
  return (first + axis.stored - 1 + step) % axis.stored;  // modulo matters only where the axis wraps
}

Block Tile::block(const Cells& cells) const {
  Block made{};
  for (std::size_t a = 0; a < axis.size(); ++a) made.width[a] = axis[a].width;
  std::size_t particles = 0;
  std::size_t index = 0;
  for (std::size_t z = 0; z < made.width[2]; ++z)
    for (std::size_t y = 0; y < made.width[1]; ++y)
      for (std::size_t x = 0; x < made.width[0]; ++x) {
        const Cells::Range& range =
            cells.range(axis[0].stored(x, cells.axis(0)), axis[1].stored(y, cells.axis(1)),
                        axis[2].stored(z, cells.axis(2)));
        made.cells[index++] = {range, static_cast<std::uint32_t>(particles)};
        particles += range.size;
      }
  made.particles = particles;
  return made;
}

Tiles::Tiles(const Cells& cells) : cells_(&cells) {
  for (int a = 0; a < axes; ++a) {
    const StoredAxis& axis = cells.axis(a);
    size_[static_cast<std::size_t>(a)] = axis.own >= 2 && axis.stored >= 4 ? 2 : 1;
  }
  arrange();
  measure();
  if (largest_block_ > Block::most_particles) {  // long cutoffs: many particles in each cell
    size_ = {1, 1, 1};
    arrange();
    measure();
  }
  if (largest_block_ > Block::most_particles)
    throw UsageError(text("a cell and its neighbours hold ", largest_block_, " particles, of at most ",
                          Block::most_particles, "; give a shorter cutoff or skin"));
}

void Tiles::arrange() {
  for (std::size_t a = 0; a < size_.size(); ++a)
    count_[a] = (cells_->axis(static_cast<int>(a)).own + size_[a] - 1) / size_[a];
}

void Tiles::measure() {
  largest_block_ = most_own_ = 0;
  for (std::size_t index = 0; index < count(); ++index) {
    const Tile tile = (*this)[index];
    const Block block = tile.block(*cells_);
    largest_block_ = std::max(largest_block_, block.particles);
    std::size_t own = 0;
    for (std::size_t z = 0; z < tile.axis[2].size; ++z)
      for (std::size_t y = 0; y < tile.axis[1].size; ++y)
        for (std::size_t x = 0; x < tile.axis[0].size; ++x)
          own += block.cells[block.cell_index(tile.axis[0].own(x), tile.axis[1].own(y), tile.axis[2].own(z))]
                     .range.size;
    most_own_ = std::max(most_own_, own);
  }
}

Tile Tiles::operator[](std::size_t index) const {
  const std::array<std::size_t, axes> place{index % count_[0], index / count_[0] % count_[1],
                                            index / count_[0] / count_[1]};
  Tile tile{};
  for (std::size_t a = 0; a < place.size(); ++a) {
    const StoredAxis& axis = cells_->axis(static_cast<int>(a));
    const std::size_t first = place[a] * size_[a];
    const auto size = static_cast<CellIndex>(std::min<std::size_t>(size_[a], axis.own - first));
    const bool all = axis.stored < 3;
    tile.axis[a] = {axis.own_start + static_cast<CellIndex>(first), size, all ? axis.stored : size + 2, all};
  }
  return tile;
}

}  // namespace tutti::molecular

#include "tutti/molecular/forces.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "tutti/molecular/overlap_error.hpp"
#include "tutti/molecular/rounding.hpp"
#include "tutti/molecular/wide_rows.hpp"

namespace tutti::molecular {

namespace {

constexpr std::size_t overrun = 4;  // what is copied behind the last

// The particle that has a number in a block.
const Position& particle(std::span<const Run> block, std::span<const Position> positions,
                         std::size_t number) {
  std::size_t run = 0;
  while (number >= std::size_t{block[run].offset} + block[run].size) ++run;
  return positions[block[run].first + number - block[run].offset];
}

// Of all overlaps the nearest pair: which one that is does not depend on tiles.
class Overlaps {
 public:
  void note(const std::optional<Overlap>& overlap, std::span<const Run> block,
            std::span<const Position> positions) {
    if (!overlap) return;
    const Position& a = particle(block, positions, overlap->self);
    const Position& b = particle(block, positions, overlap->other);
    const Found found{overlap->distance, a.label < b.label ? a : b, a.label < b.label ? b : a};
    if (!nearest_ || found.distance < nearest_->distance ||
        (found.distance == nearest_->distance &&
         std::pair(found.first.label, found.second.label) <
             std::pair(nearest_->first.label, nearest_->second.label)))
      nearest_ = found;
  }
  void report(const Model& model) const {
    if (!nearest_) return;
    const Position& a = nearest_->first;
    const Position& b = nearest_->second;
    throw OverlapError(a.id(), b.id(), nearest_->distance, model.smallest_distance(a.type(), b.type()),
                       model.precision);
  }

 private:
  struct Found {
    double distance;
    Position first, second;
  };
  std::optional<Found> nearest_;
};

template <class Point>
constexpr bool is_narrow = std::is_same_v<Point, Point32>;

}  // namespace

template <class Point>
void PairWork::prepare(Buffers<Point>& buffers, const Rows& rows) {
  const std::size_t size = rows.largest_block() + overrun;
  if (buffers.points.size() >= size) return;
  buffers.points = memory::Buffer<Point>(size, "block", *ledger_);
  buffers.forces = memory::Buffer<Force>(size, "forces of a block", *ledger_);
}

// The block's particles, as its numbers have them. In precision float each is converted once for each block
// that it is in: that costs less than a pass over all, and no memory.
void PairWork::gather(const View& view, const TileRows& tile, Point32* points) const {
  for (const Run& run : tile.block)
    kernel_->points32(view.positions.data() + run.first, run.size, model_->resolution, points + run.offset);
}
void PairWork::gather(const View& view, const TileRows& tile, Point64* points) const {
  for (const Run& run : tile.block)
    kernel_->copy(view.positions.data() + run.first, run.size * sizeof(Point64), points + run.offset);
}

template <class Point>
void PairWork::forces_of(Buffers<Point>& buffers, const View& view, const Rows& rows, std::span<Force> result,
                         Which which) {
  prepare(buffers, rows);
  Overlaps overlaps;
  const bool plain = model_->precision == Precision::reference;
  Point* const points = buffers.points.data();
  Force* const forces = buffers.forces.data();
  for (std::size_t index = 0; index < rows.tiles(); ++index) {
    const TileRows tile = rows[index];
    if (tile.own.empty() || (which != Which::all && tile.inner != (which == Which::inner))) continue;
    gather(view, tile, points);
    close_.clear();
    if constexpr (is_narrow<Point>)
      kernel_->forces32[model_->variant.index()](points, tile.batch, model_->forces32, forces, close_);
    else if (!plain)
      kernel_->forces64[model_->variant.index()](points, tile.batch, model_->forces64, forces, close_);
    if (plain || !close_.empty())
      overlaps.note(wide_forces(points, tile.batch, *model_, plain ? nullptr : &close_, forces), tile.block,
                    view.positions);
    for (const Run& run : tile.own)
      std::copy_n(forces + run.offset, run.size, result.data() + (run.first - rows.own_first()));
  }
  overlaps.report(*model_);
}

template <class Point>
PairSums PairWork::energies_of(Buffers<Point>& buffers, const View& view, const Rows& rows) {
  prepare(buffers, rows);
  PairSums sums;
  Overlaps overlaps;
  const bool plain = model_->precision == Precision::reference;
  Point* const points = buffers.points.data();
  for (std::size_t index = 0; index < rows.tiles(); ++index) {
    const TileRows tile = rows[index];
    if (tile.own.empty()) continue;
    gather(view, tile, points);
    close_.clear();
    if constexpr (is_narrow<Point>)
      kernel_->energies32[model_->variant.index()](points, tile.batch, model_->energies, sums, close_);
    else if (!plain)
      kernel_->energies64[model_->variant.index()](points, tile.batch, model_->energies, sums, close_);
    if (plain || !close_.empty())
      overlaps.note(wide_energies(points, tile.batch, *model_, plain ? nullptr : &close_, sums), tile.block,
                    view.positions);
  }
  overlaps.report(*model_);
  return sums;
}

void PairWork::forces(const View& view, const Rows& rows, std::span<Force> forces, Which which) {
  const NearestRounding rounding;
  if (model_->precision == Precision::single)
    forces_of(narrow_, view, rows, forces, which);
  else
    forces_of(wide_, view, rows, forces, which);
}

PairSums PairWork::energies(const View& view, const Rows& rows) {
  const NearestRounding rounding;
  return model_->precision == Precision::single ? energies_of(narrow_, view, rows)
                                                : energies_of(wide_, view, rows);
}

}  // namespace tutti::molecular

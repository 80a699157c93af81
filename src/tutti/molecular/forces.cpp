#include "tutti/molecular/forces.hpp"

#include <algorithm>
#include <optional>

#include "tutti/molecular/overlap_error.hpp"
#include "tutti/molecular/rounding.hpp"
#include "tutti/molecular/wide_rows.hpp"

namespace tutti::molecular {

namespace {

constexpr std::size_t slack = 4;  // what is copied behind the last

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
        (found.distance == nearest_->distance && found.first.label < nearest_->first.label))
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
  const std::size_t size = rows.largest_block() + slack;
  if (buffers.points.size() >= size) return;
  buffers.points = memory::Buffer<Point>(size, "block", *ledger_);
  buffers.forces = memory::Buffer<Force>(size, "forces of a block", *ledger_);
}

std::span<const Point32> PairWork::narrowed(const Atoms& atoms) {
  const std::size_t size = atoms.positions().size();
  if (narrowed_.size() < size + slack)
    narrowed_ = memory::Buffer<Point32>(size + slack, "positions in 32 bits", *ledger_,
                                        memory::Category::distributed);
  kernel_->points32(atoms.positions().data(), size, model_->resolution, narrowed_.data());
  return narrowed_.span();
}

template <class Point>
void PairWork::forces_of(Buffers<Point>& buffers, std::span<const Point> all, Atoms& atoms,
                         const Rows& rows) {
  prepare(buffers, rows);
  Overlaps overlaps;
  const bool plain = model_->precision == Precision::reference;
  Point* const points = buffers.points.data();
  Force* const forces = buffers.forces.data();
  for (std::size_t index = 0; index < rows.tiles(); ++index) {
    const TileRows tile = rows[index];
    for (const Run& run : tile.block)
      kernel_->copy(all.data() + run.first, run.size * sizeof(Point), points + run.offset);
    close_.clear();
    if constexpr (is_narrow<Point>)
      kernel_->forces32[model_->variant.index()](points, tile.batch, model_->forces32, forces, close_);
    else if (!plain)
      kernel_->forces64[model_->variant.index()](points, tile.batch, model_->forces64, forces, close_);
    if (plain || !close_.empty())
      overlaps.note(wide_forces(points, tile.batch, *model_, plain ? nullptr : &close_, forces), tile.block,
                    atoms.positions());
    for (const Run& run : tile.own)
      std::copy_n(forces + run.offset, run.size, atoms.forces().data() + run.first);
  }
  overlaps.report(*model_);
}

template <class Point>
PairSums PairWork::energies_of(Buffers<Point>& buffers, std::span<const Point> all, const Atoms& atoms,
                               const Rows& rows) {
  prepare(buffers, rows);
  PairSums sums;
  Overlaps overlaps;
  const bool plain = model_->precision == Precision::reference;
  Point* const points = buffers.points.data();
  for (std::size_t index = 0; index < rows.tiles(); ++index) {
    const TileRows tile = rows[index];
    for (const Run& run : tile.block)
      kernel_->copy(all.data() + run.first, run.size * sizeof(Point), points + run.offset);
    close_.clear();
    if constexpr (is_narrow<Point>)
      kernel_->energies32[model_->variant.index()](points, tile.batch, model_->energies, sums, close_);
    else if (!plain)
      kernel_->energies64[model_->variant.index()](points, tile.batch, model_->energies, sums, close_);
    if (plain || !close_.empty())
      overlaps.note(wide_energies(points, tile.batch, *model_, plain ? nullptr : &close_, sums), tile.block,
                    atoms.positions());
  }
  overlaps.report(*model_);
  return sums;
}

void PairWork::forces(Atoms& atoms, const Rows& rows) {
  const NearestRounding rounding;
  if (model_->precision == Precision::single)
    forces_of(narrow_, narrowed(atoms), atoms, rows);
  else
    forces_of(wide_, std::span<const Point64>(atoms.positions()), atoms, rows);
}

PairSums PairWork::energies(const Atoms& atoms, const Rows& rows) {
  const NearestRounding rounding;
  return model_->precision == Precision::single ? energies_of(narrow_, narrowed(atoms), atoms, rows)
                                                : energies_of(wide_, atoms.positions(), atoms, rows);
}

}  // namespace tutti::molecular

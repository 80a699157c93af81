#include "tutti/molecular/cells.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tutti::molecular {

namespace {

constexpr CellIndex most_cells_of_axis = 1U << 20U;
constexpr std::size_t octants = 8;
constexpr std::size_t most_keys = std::size_t{1} << 32U;  // 32-bit numbers sort

// 0 to 7: which half of its cell along each axis.
std::size_t octant(const Grid& grid, const Position& position) {
  const auto half = [&](std::uint64_t fraction, std::size_t axis) {
    return static_cast<std::size_t>(Uint128{fraction} * grid.cells[axis] >> 63U) & 1U;
  };
  return half(position.x, 0) | half(position.y, 1) << 1U | half(position.z, 2) << 2U;
}

}  // namespace

Grid Grid::for_reach(const Box& box, double reach, Index particles) {
  Grid grid{};
  for (int axis = 0; axis < axes; ++axis) {
    const double edge = box.edge(axis);
    auto count =
        static_cast<CellIndex>(std::clamp(std::floor(edge / reach), 1.0, double{most_cells_of_axis}));
    if (count > 1 && edge / count < reach) --count;  // the quotient was rounded
    grid.cells[static_cast<std::size_t>(axis)] = count;
  }
  // Cells without particles only cost time. Four cells an axis keep the blocks of tiles apart.
  while (grid.total() > std::max<Index>(particles, 64)) {
    CellIndex& most = *std::max_element(grid.cells.begin(), grid.cells.end());
    most -= std::max<CellIndex>(most / 8, 1);
  }
  return grid;
}

Cells::Cells(const Grid& grid, const Brick& own, memory::Ledger& ledger) : grid_(grid), ledger_(&ledger) {
  std::size_t stored = 1;
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    axes_[a] = StoredAxis::of(grid.cells[a], own.first[a], own.size[a]);
    stored *= axes_[a].stored;
  }
  ranges_ = memory::Buffer<Range>(stored, "cells", ledger, memory::Category::distributed);
}

bool Cells::is_own(CellIndex x, CellIndex y, CellIndex z) const {
  const auto inside = [](const StoredAxis& axis, CellIndex cell) {
    return cell >= axis.own_start && cell - axis.own_start < axis.own;
  };
  return inside(axes_[0], x) && inside(axes_[1], y) && inside(axes_[2], z);
}

std::size_t Cells::stored_cell(const Position& position) const {
  const CellIndex x = axes_[0].stored_index(grid_.cell(position.x, 0));
  const CellIndex y = axes_[1].stored_index(grid_.cell(position.y, 1));
  const CellIndex z = axes_[2].stored_index(grid_.cell(position.z, 2));
  if (x >= axes_[0].stored || y >= axes_[1].stored || z >= axes_[2].stored)
    throw InternalError(text("cells: particle ", position.id(), " is in none of those stored here"));
  return number(x, y, z);
}

void Cells::order(std::span<const Position> positions, std::span<std::uint32_t> places) {
  if (positions.size() >= most_keys / octants || ranges_.size() >= most_keys / octants)
    throw UsageError(text(positions.size(), " particles and ", ranges_.size(),
                          " cells in one process; use more processes"),
                     {"processes", {}});
  memory::Buffer<std::uint32_t> counts(ranges_.size() * octants, "cell counts", *ledger_);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::size_t key = stored_cell(positions[i]) * octants + octant(grid_, positions[i]);
    places[i] = static_cast<std::uint32_t>(key);
    ++counts[key];
  }
  std::uint32_t place = 0;  // counts become places: where the first of a key goes
  for (std::uint32_t& count : counts) place += std::exchange(count, place);
  for (std::size_t cell = 0; cell < ranges_.size(); ++cell) {
    const std::uint32_t first = counts[cell * octants];
    const std::uint32_t next = cell + 1 < ranges_.size() ? counts[(cell + 1) * octants]
                                                         : static_cast<std::uint32_t>(positions.size());
    ranges_[cell] = {first, next - first};
  }
  for (std::uint32_t& key : places) key = counts[key]++;
}

// Follows the cycles of the permutation: each particle is moved once, into its place.
void Cells::sort_own(Atoms& atoms) {
  const std::span<Position> positions = atoms.own_positions();
  const std::span<Momentum> momenta = atoms.momenta();
  memory::Buffer<std::uint32_t> places(positions.size(), "sorting", *ledger_);
  order(positions, places.span());
  for (std::uint32_t i = 0; i < places.size(); ++i)
    while (places[i] != i) {
      const std::uint32_t place = places[i];
      std::swap(positions[i], positions[place]);
      std::swap(momenta[i], momenta[place]);
      std::swap(places[i], places[place]);
    }
}

}  // namespace tutti::molecular

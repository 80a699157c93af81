// Who owns which cells of the box: every rank a brick. Pure arithmetic, the same on all ranks.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/molecular/cells.hpp"

namespace tutti::simulation {

using molecular::axes;
using molecular::Brick;
using molecular::CellIndex;
using molecular::Grid;

/// Where to cut a row of `weights` into parts, each of at least one element, so that the heaviest part is as
/// light as can be: the first elements of the parts, and the end.
///   weights 1 1 1 5 1, parts 2:   0 3 5   (3 and 6)
/// @pre parts <= weights.size()
std::vector<CellIndex> cuts(std::span<const std::int64_t> weights, std::size_t parts);

/// The box is cut into slabs along z, each of them into columns along y, each of those into bricks along x;
/// all cuts follow the weights of what is there. With equal weights, 4 ranks and 6 x 6 x 6 cells:
///   rank 0: z 0-2, y 0-2   rank 1: z 0-2, y 3-5   rank 2: z 3-5, y 0-2   rank 3: z 3-5, y 3-5
class Decomposition {
 public:
  using Shape = std::array<std::size_t, axes>;
  /// Ranks along z, y and x: those with the smallest halos; nothing if there is no way to give each a cell.
  static std::optional<Shape> shape(const Grid& grid, int ranks);
  /// A grid with fewer, wider cells where these can be shared out evenly: 11 cells on 2 ranks become 10.
  static Grid suited(const Grid& grid, const Shape& shape);

  /// Adds up over all ranks, in place: weights of planes, of rows, of cells.
  using AddUp = std::function<void(std::span<std::int64_t>)>;
  /// Collective, if add_up is.
  /// @param for_each  calls what it is given for each cell that has a weight on this rank: x, y, z, weight
  using Visit = std::function<void(CellIndex x, CellIndex y, CellIndex z, std::int64_t weight)>;
  Decomposition(const Grid& grid, const Shape& shape, const std::function<void(const Visit&)>& for_each,
                const AddUp& add_up);

  Brick brick(int rank) const;
  int owner(CellIndex x, CellIndex y, CellIndex z) const {
    const std::size_t slab = slab_of_[z];
    const std::size_t column = slab * shape_[1] + column_of_[slab * grid_.cells[1] + y];
    return static_cast<int>(column * shape_[2] + brick_of_[column * grid_.cells[0] + x]);
  }
  const Grid& grid() const { return grid_; }

 private:
  Grid grid_;
  Shape shape_;  // along z, y, x
  // Of each slab, of each slab's columns, of each column's bricks: the first cells and the end.
  std::vector<CellIndex> z_, y_, x_;
  std::vector<std::uint32_t> slab_of_, column_of_, brick_of_;
};

}  // namespace tutti::simulation

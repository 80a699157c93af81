// DistArray: an array of one to three axes of which each rank stores one box.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "tutti/array/grid_array.hpp"

namespace tutti {

/// shape[0] x shape[1] x ... elements on a grid of ranks. A rank stores the elements of its box, in C order,
/// and nothing else. The reductions of reductions.hpp take it as they take a DistVector, and give the same
/// bits on any grid.
///
///     DistArray<double, 3> u(world, {nx, ny, nz}, "temperature");
///     u.fill([](Index i, Index j, Index k) { return ...; });           // global indices
///     const StridedView<double, 3> mine = u.local();                   // local ones: mine(i, j, k)
///     const double total = sum(u);
///
/// @tparam T  any trivially copyable type; the reductions know what they know of a DistVector
/// @tparam N  axes, 1 to 3
template <Movable T, std::size_t N>
class DistArray : public GridArray<T, N> {
  using Base = GridArray<T, N>;

 public:
  /// Collective. All elements zero; on the grid that suits the shape best (ProcessGrid::best). One packet to
  /// agree, one to know that all ranks got their memory.
  /// @param shape  elements along each axis, 0 or more
  /// @param name   for error messages, ledger and forecast
  /// @throws on all ranks: ShapeError for a shape that is none; BudgetError, before anything is allocated, if
  ///         a node has no room for its ranks' boxes; SystemError if the system refuses; MismatchError if
  ///         ranks give different shapes or grids.
  DistArray(const World& world, const Shape<N>& shape, std::string name = "array", Site site = {})
      : Base(world, {shape, std::nullopt, std::nullopt}, std::move(name), site) {}
  /// The same on a grid of the user's. @throws DistributionError on all ranks if it has not as many ranks as
  /// the World.
  DistArray(const World& world, const Shape<N>& shape, const ProcessGrid<N>& grid, std::string name = "array",
            Site site = {})
      : Base(world, {shape, grid, std::nullopt}, std::move(name), site) {}
  /// The same, divided like another array: DistArray<double, 3> r(world, p.distribution(), "r").
  DistArray(const World& world, const GridDistribution<N>& like, std::string name = "array", Site site = {})
      : Base(world, {like.shape(), like.grid(), std::nullopt}, std::move(name), site) {}

  /// This rank's elements, side by side, in the C order of its box: for loops in which indices do not matter.
  std::span<T> elements() { return this->memory_->elements.span(); }
  std::span<const T> elements() const { return std::as_const(*this->memory_).elements.span(); }
};

}  // namespace tutti

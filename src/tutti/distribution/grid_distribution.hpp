// Who owns which element of an n-dimensional array: each rank of a process grid one box.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tutti/distribution/box.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/distribution/process_grid.hpp"

namespace tutti {

/// Each axis is divided by the block layout among the ranks along the same axis of the grid, so that each
/// rank owns one box. Its elements are kept in C order.
///
/// 4 x 5 elements on 2 x 2 ranks:   owner  0 0 0 1 1      box(0) is {{0, 0}, {2, 3}}, box(3) {{2, 3}, {2, 2}}
///                                         0 0 0 1 1      owner({1, 4}) is 1, its place there
///                                         2 2 2 3 3      to_local({1, 4}) is 3
///                                         2 2 2 3 3
///
/// Where the grid has more ranks along an axis than there are elements, the last of them own nothing. Pure
/// arithmetic, the same on every rank, O(axes) in time and memory.
template <std::size_t N>
class GridDistribution {
 public:
  /// @param shape  elements along each axis, >= 0
  /// @throws ShapeError as check_shape()
  GridDistribution(const Shape<N>& shape, const ProcessGrid<N>& grid);
  /// On the grid that suits the shape best.
  GridDistribution(const Shape<N>& shape, int ranks)
      : GridDistribution(shape, ProcessGrid<N>::best(shape, ranks)) {}

  const Shape<N>& shape() const noexcept { return shape_; }
  const ProcessGrid<N>& grid() const noexcept { return grid_; }
  Index size() const noexcept { return size_; }  ///< elements on all ranks together
  int ranks() const noexcept { return grid_.size(); }

  /// Axis by axis, who owns what; the ranks of axis a are the coordinates along it.
  const std::array<Distribution, N>& axes() const noexcept { return axes_; }

  // Indices and ranks that do not exist are misuse: DistributionError.

  int owner(const Indices<N>& i) const;
  Box<N> box(int rank) const;
  std::size_t local_size(int rank) const { return static_cast<std::size_t>(box(rank).size()); }
  std::size_t max_local_size() const noexcept;  ///< elements on the rank that has most

  /// Where element i is on its owner, from 0: its box in C order.
  std::size_t to_local(const Indices<N>& i) const;
  /// Element l of `rank`: to_global(owner(i), to_local(i)) == i.
  Indices<N> to_global(int rank, std::size_t l) const;

  /// "grid 2 x 2"
  std::string name() const;

  /// Equal distributions have equal hashes, on every rank and machine.
  std::uint64_t hash() const noexcept;
  /// Equal shapes on equal grids.
  friend bool operator==(const GridDistribution& left, const GridDistribution& right) {
    return left.shape_ == right.shape_ && left.grid_ == right.grid_;
  }

 private:
  void check_index(const Indices<N>& i) const;

  Shape<N> shape_;
  ProcessGrid<N> grid_;
  Index size_ = 1;
  std::array<Distribution, N> axes_;
};

}  // namespace tutti

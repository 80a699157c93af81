// Ranks as the points of a grid of one to three axes.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "tutti/distribution/box.hpp"

namespace tutti {

/// extents[0] x extents[1] x ... ranks. Ranks count through the grid in C order: neighbours along the last
/// axis have neighbouring numbers.
///
/// ProcessGrid<2>({2, 3}):   coordinates (0,0) (0,1) (0,2) (1,0) (1,1) (1,2)
///                           rank          0     1     2     3     4     5
template <std::size_t N>
class ProcessGrid {
  static_assert(N >= 1 && N <= 3, "grids have one to three axes");

 public:
  /// @throws DistributionError if an extent is below 1, or their product beyond 2^31 - 1.
  explicit ProcessGrid(const std::array<int, N>& extents);

  /// The grid of `ranks` ranks that suits an array of this shape: of all ways to write `ranks` as a product,
  /// the one that leaves the fewest ranks without elements; among these, the one with the smallest surface
  /// between the parts, in elements, which is what a halo exchange moves; then the one whose largest part is
  /// smallest; then the one that cuts the first axes, so that what travels lies together in memory. A
  /// function of the shape and of `ranks` alone: arrays of one shape get one grid. Tries all divisors.
  ///
  /// 256 x 256 x 256 on 2 ranks: 2 x 1 x 1; on 4: 2 x 2 x 1; on 8: 2 x 2 x 2; on 7: 7 x 1 x 1
  /// 2 x 100 x 100 on 4 ranks: 1 x 2 x 2: 400 elements between the parts, where 2 x 2 x 1 has 10200
  /// @throws DistributionError if ranks < 1, or as check_shape()
  static ProcessGrid best(const Shape<N>& shape, int ranks);

  int size() const noexcept { return size_; }
  const std::array<int, N>& extents() const noexcept { return extents_; }

  /// @throws DistributionError for a rank or coordinates that do not exist.
  std::array<int, N> coordinates(int rank) const;
  int rank(const std::array<int, N>& coordinates) const;

  /// "2 x 3"
  std::string name() const;

  friend bool operator==(const ProcessGrid&, const ProcessGrid&) = default;

 private:
  std::array<int, N> extents_;
  int size_ = 1;
};

}  // namespace tutti

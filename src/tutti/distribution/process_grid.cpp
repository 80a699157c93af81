#include "tutti/distribution/process_grid.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

namespace {

template <std::size_t N>
std::string grid_text(const std::array<int, N>& extents) {
  Shape<N> shape{};
  std::copy(extents.begin(), extents.end(), shape.begin());
  return shape_text(shape);
}

/// What makes a grid better than another one: smaller comes first.
template <std::size_t N>
struct Merit {
  int idle;                      ///< ranks without elements
  Uint128 surface;               ///< elements on one side of all cuts
  Uint128 largest;               ///< elements of the largest part
  std::array<int, N> last_axes;  ///< the extents, negated: cuts of the first axes are better

  friend bool operator<(const Merit& left, const Merit& right) {
    return std::tie(left.idle, left.surface, left.largest, left.last_axes) <
           std::tie(right.idle, right.surface, right.largest, right.last_axes);
  }
};

template <std::size_t N>
Merit<N> merit_of(const std::array<int, N>& grid, const Shape<N>& shape) {
  Merit<N> merit{0, 0, 1, {}};
  int ranks = 1, busy = 1;
  for (std::size_t a = 0; a < N; ++a) {
    const int parts = static_cast<int>(std::min<Index>(grid[a], shape[a]));  // that have elements
    Uint128 plane = 1;
    for (std::size_t b = 0; b < N; ++b)
      if (b != a) plane *= static_cast<Uint128>(shape[b]);
    merit.surface += plane * static_cast<Uint128>(std::max(parts, 1) - 1);
    merit.largest *= static_cast<Uint128>(shape[a] / grid[a] + (shape[a] % grid[a] != 0 ? 1 : 0));
    merit.last_axes[a] = -grid[a];
    ranks *= grid[a];
    busy *= parts;
  }
  merit.idle = ranks - busy;
  return merit;
}

// f(grid) for every way to write `ranks` as a product of extents, from `axis` on.
template <std::size_t N, class F>
void for_each_grid(std::array<int, N>& grid, std::size_t axis, int ranks, const F& f) {
  if (axis + 1 == N) {
    grid[axis] = ranks;
    f(grid);
    return;
  }
  for (int divisor = 1; divisor <= ranks; ++divisor) {
    if (ranks % divisor != 0) continue;
    grid[axis] = divisor;
    for_each_grid(grid, axis + 1, ranks / divisor, f);
  }
}

}  // namespace

template <std::size_t N>
ProcessGrid<N>::ProcessGrid(const std::array<int, N>& extents) : extents_(extents) {
  for (const int extent : extents_)
    if (extent < 1 || !multiply_fits(size_, extent, size_))
      throw DistributionError(text(
          "process grid ", grid_text(extents_), ": ",
          extent < 1 ? "give 1 or more along each axis" : "that is more than 2147483647 ranks; give fewer"));
}

template <std::size_t N>
ProcessGrid<N> ProcessGrid<N>::best(const Shape<N>& shape, int ranks) {
  check_shape(shape);
  if (ranks < 1)
    throw DistributionError(text("process grid: ", ranks, " ranks; give 1 or more"), {"", {ranks, 1}});
  std::array<int, N> candidate{}, best{};
  best[0] = ranks;
  for (std::size_t a = 1; a < N; ++a) best[a] = 1;
  Merit<N> merit = merit_of(best, shape);
  for_each_grid(candidate, 0, ranks, [&](const std::array<int, N>& grid) {
    const Merit<N> theirs = merit_of(grid, shape);
    if (!(theirs < merit)) return;
    merit = theirs;
    best = grid;
  });
  return ProcessGrid(best);
}

template <std::size_t N>
std::array<int, N> ProcessGrid<N>::coordinates(int rank) const {
  if (rank < 0 || rank >= size_)
    throw DistributionError(
        text("process grid ", name(), ": there is no rank ", rank, "; give 0 to ", size_ - 1),
        {"", {rank, size_}});
  std::array<int, N> result{};
  for (std::size_t a = N; a-- > 0; rank /= extents_[a]) result[a] = rank % extents_[a];
  return result;
}

template <std::size_t N>
int ProcessGrid<N>::rank(const std::array<int, N>& coordinates) const {
  int result = 0;
  for (std::size_t a = 0; a < N; ++a) {
    if (coordinates[a] < 0 || coordinates[a] >= extents_[a])
      throw DistributionError(text("process grid ", name(), ": there is no coordinate ", coordinates[a],
                                   " along axis ", a, "; give 0 to ", extents_[a] - 1),
                              {"", {coordinates[a], extents_[a]}});
    result = result * extents_[a] + coordinates[a];
  }
  return result;
}

template <std::size_t N>
std::string ProcessGrid<N>::name() const {
  return grid_text(extents_);
}

template class ProcessGrid<1>;
template class ProcessGrid<2>;
template class ProcessGrid<3>;

}  // namespace tutti

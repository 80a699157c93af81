#include "tutti/distribution/grid_distribution.hpp"

#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

namespace {

template <std::size_t N, std::size_t... axis>
std::array<Distribution, N> divide(const Shape<N>& shape, const ProcessGrid<N>& grid,
                                   std::index_sequence<axis...> /*axes*/) {
  check_shape(shape);
  return {Distribution(block, shape[axis], grid.extents()[axis])...};
}

}  // namespace

template <std::size_t N>
GridDistribution<N>::GridDistribution(const Shape<N>& shape, const ProcessGrid<N>& grid)
    : shape_(shape), grid_(grid), axes_(divide(shape, grid, std::make_index_sequence<N>())) {
  for (const Index n : shape_) size_ *= n;
}

template <std::size_t N>
void GridDistribution<N>::check_index(const Indices<N>& i) const {
  for (std::size_t a = 0; a < N; ++a)
    if (i[a] < 0 || i[a] >= shape_[a])
      throw DistributionError(
          text("array of ", shape_text(shape_), ": there is no index ", i[a], " along axis ", a, "; ",
               shape_[a] == 0 ? "it is empty" : text("give 0 to ", shape_[a] - 1)),
          {"", {i[a], shape_[a]}});
}

template <std::size_t N>
int GridDistribution<N>::owner(const Indices<N>& i) const {
  check_index(i);
  std::array<int, N> coordinates{};
  for (std::size_t a = 0; a < N; ++a) coordinates[a] = axes_[a].owner(i[a]);
  return grid_.rank(coordinates);
}

template <std::size_t N>
Box<N> GridDistribution<N>::box(int rank) const {
  const std::array<int, N> coordinates = grid_.coordinates(rank);
  Box<N> result;
  for (std::size_t a = 0; a < N; ++a) {
    const Range range = axes_[a].range(coordinates[a]);
    result.first[a] = range.first;
    result.extent[a] = static_cast<Index>(range.count);
  }
  return result;
}

template <std::size_t N>
std::size_t GridDistribution<N>::max_local_size() const noexcept {
  std::size_t product = 1;
  for (const Distribution& axis : axes_) product *= axis.max_local_size();
  return product;
}

template <std::size_t N>
std::size_t GridDistribution<N>::to_local(const Indices<N>& i) const {
  const Box<N> mine = box(owner(i));
  Indices<N> within{};
  for (std::size_t a = 0; a < N; ++a) within[a] = i[a] - mine.first[a];
  return static_cast<std::size_t>(c_order(mine.extent, within));
}

template <std::size_t N>
Indices<N> GridDistribution<N>::to_global(int rank, std::size_t l) const {
  const Box<N> mine = box(rank);
  if (l >= static_cast<std::size_t>(mine.size()))
    throw DistributionError(text("array of ", shape_text(shape_), ": rank ", rank, " has no local index ", l,
                                 "; it owns ", counted(mine.size(), "element")),
                            {"", {rank, mine.size()}});
  auto left = static_cast<Index>(l);
  Indices<N> i{};
  for (std::size_t a = N; a-- > 0; left /= mine.extent[a]) i[a] = mine.first[a] + left % mine.extent[a];
  return i;
}

template <std::size_t N>
std::string GridDistribution<N>::name() const {
  return "grid " + grid_.name();
}

template <std::size_t N>
std::uint64_t GridDistribution<N>::hash() const noexcept {
  std::uint64_t state = core::hash("GridDistribution");
  for (const Index n : shape_) state = core::mix(state, static_cast<std::uint64_t>(n));
  for (const int n : grid_.extents()) state = core::mix(state, static_cast<std::uint64_t>(n));
  return state;
}

template class GridDistribution<1>;
template class GridDistribution<2>;
template class GridDistribution<3>;

}  // namespace tutti

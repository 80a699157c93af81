#include "tutti/simulation/decomposition.hpp"

#include <algorithm>
#include <numeric>

#include "tutti/distribution/process_grid.hpp"

namespace tutti::simulation {

namespace {

// Takes as much as fits the limit, again and again, but leaves an element for each part that follows.
std::vector<CellIndex> greedy(std::span<const std::int64_t> weights, std::size_t parts, std::int64_t limit) {
  std::vector<CellIndex> first{0};
  std::size_t k = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    std::int64_t sum = weights[k++];
    while (k + (parts - part - 1) < weights.size() && sum + weights[k] <= limit) sum += weights[k++];
    first.push_back(static_cast<CellIndex>(k));
  }
  return first;
}

// Which part each of n cells is in.
void enter(std::span<const CellIndex> first, std::vector<std::uint32_t>& part_of) {
  for (std::size_t part = 0; part + 1 < first.size(); ++part)
    part_of.insert(part_of.end(), first[part + 1] - first[part], static_cast<std::uint32_t>(part));
}

}  // namespace

std::vector<CellIndex> cuts(std::span<const std::int64_t> weights, std::size_t parts) {
  std::int64_t low = *std::max_element(weights.begin(), weights.end());
  std::int64_t high = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (greedy(weights, parts, middle).back() == weights.size())
      high = middle;
    else
      low = middle + 1;
  }
  return greedy(weights, parts, low);
}

std::optional<Decomposition::Shape> Decomposition::shape(const Grid& grid, int ranks) {
  const auto best =
      ProcessGrid<3>::best({Index{grid.cells[2]}, Index{grid.cells[1]}, Index{grid.cells[0]}}, ranks);
  Shape made{};
  for (std::size_t a = 0; a < made.size(); ++a) {
    made[a] = static_cast<std::size_t>(best.extents()[a]);
    if (made[a] > grid.cells[2 - a]) return std::nullopt;
  }
  return made;
}

Grid Decomposition::suited(const Grid& grid, const Shape& shape) {
  // Of the heaviest rank, in parts of the axis; wider cells have more candidates for neighbours.
  const auto cost = [&](CellIndex cells, std::size_t axis) {
    const auto parts = static_cast<CellIndex>(shape[2 - axis]);
    const double wider = static_cast<double>(grid.cells[axis]) / cells;
    const CellIndex heaviest = (cells + parts - 1) / parts;
    return static_cast<double>(heaviest) / cells * (0.75 + 0.25 * wider);
  };
  Grid made = grid;
  for (std::size_t a = 0; a < made.cells.size(); ++a)
    for (CellIndex cells = grid.cells[a]; cells >= shape[2 - a]; --cells)
      if (cost(cells, a) < cost(made.cells[a], a)) made.cells[a] = cells;
  return made;
}

Decomposition::Decomposition(const Grid& grid, const Shape& shape,
                             const std::function<void(const Visit&)>& for_each, const AddUp& add_up)
    : grid_(grid), shape_(shape) {
  const auto cut = [&](std::vector<std::int64_t>& weights, std::size_t length, std::size_t parts,
                       std::vector<CellIndex>& first, std::vector<std::uint32_t>& part_of) {
    add_up(weights);
    for (std::size_t row = 0; row * length < weights.size(); ++row) {
      const auto found = cuts(std::span(weights).subspan(row * length, length), parts);
      first.insert(first.end(), found.begin(), found.end());
      enter(found, part_of);
    }
  };
  std::vector<std::int64_t> weights(grid.cells[2], 0);
  for_each([&](CellIndex, CellIndex, CellIndex z, std::int64_t weight) { weights[z] += weight; });
  cut(weights, grid.cells[2], shape[0], z_, slab_of_);
  weights.assign(shape[0] * grid.cells[1], 0);
  for_each([&](CellIndex, CellIndex y, CellIndex z, std::int64_t weight) {
    weights[slab_of_[z] * grid.cells[1] + y] += weight;
  });
  cut(weights, grid.cells[1], shape[1], y_, column_of_);
  weights.assign(shape[0] * shape[1] * grid.cells[0], 0);
  for_each([&](CellIndex x, CellIndex y, CellIndex z, std::int64_t weight) {
    const std::size_t slab = slab_of_[z];
    weights[(slab * shape_[1] + column_of_[slab * grid_.cells[1] + y]) * grid.cells[0] + x] += weight;
  });
  cut(weights, grid.cells[0], shape[2], x_, brick_of_);
}

Brick Decomposition::brick(int rank) const {
  const std::size_t column = static_cast<std::size_t>(rank) / shape_[2];
  const std::size_t slab = column / shape_[1];
  const std::array<const CellIndex*, axes> first{
      &x_[column * (shape_[2] + 1) + static_cast<std::size_t>(rank) % shape_[2]],
      &y_[slab * (shape_[1] + 1) + column % shape_[1]], &z_[slab]};
  Brick made{};
  for (std::size_t a = 0; a < first.size(); ++a) {
    made.first[a] = first[a][0];
    made.size[a] = first[a][1] - first[a][0];
  }
  return made;
}

}  // namespace tutti::simulation

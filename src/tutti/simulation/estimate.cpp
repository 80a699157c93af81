#include "tutti/simulation/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "tutti/molecular/cells.hpp"
#include "tutti/simulation/decomposition.hpp"

namespace tutti::simulation {

namespace {

using memory::Category;
using molecular::Position;

constexpr double pi = 3.14159265358979323846;
constexpr double coarse =
    1.06;  // rows are filled from 16-bit coordinates: who is a little further is in them
constexpr double slack = 17.0 / 16;

Index whole(double count) { return static_cast<Index>(std::ceil(count)); }

// The particles around a rank's brick, within a cell of it.
double halo_particles(const molecular::DynamicsSetup& setup, const Grid& grid,
                      const Decomposition::Shape& shape, double density) {
  double own = 1;
  double seen = 1;
  for (std::size_t a = 0; a < grid.cells.size(); ++a) {
    const double cells = std::ceil(static_cast<double>(grid.cells[a]) / static_cast<double>(shape[2 - a]));
    own *= cells;
    seen *= std::min<double>(cells + 2, grid.cells[a]);
  }
  return (seen - own) * density * setup.box.volume() / static_cast<double>(grid.total());
}

}  // namespace

std::vector<forecast::Array> arrays_of(const molecular::DynamicsSetup& setup, Index particles, int ranks,
                                       Placement placement) {
  const double density = static_cast<double>(particles) / setup.box.volume();
  const double reach = setup.reach();
  const Grid grid = Grid::for_reach(setup.box, reach, particles);
  const auto shape = Decomposition::shape(grid, ranks);
  if (placement == Placement::spatial && !shape) placement = Placement::node_shared;
  const double neighbours =
      std::min(density * 4 * pi / 3 * std::pow(reach * coarse, 3), static_cast<double>(particles));
  std::vector<forecast::Array> made;
  const auto add = [&](const char* name, Category category, Index elements, std::uint64_t bytes) {
    made.push_back({name, category, elements, bytes, block, forecast::Origin::computed});
  };
  add("positions", Category::distributed, particles, sizeof(Position));
  add("momenta", Category::distributed, particles, sizeof(molecular::Momentum));
  add("forces", Category::distributed, particles, sizeof(molecular::Force));
  add("rows", Category::distributed, whole(static_cast<double>(particles) * slack), sizeof(molecular::Row));
  add("neighbours", Category::distributed, whole(static_cast<double>(particles) * neighbours), 2);
  if (placement == Placement::spatial) {
    const double halo = halo_particles(setup, Decomposition::suited(grid, *shape), *shape, density);
    add("positions of the halo", Category::halo, whole(halo), sizeof(Position));
    add("halo, packed", Category::halo, whole(halo), sizeof(Position));
    add("cells", Category::distributed, grid.total(), sizeof(molecular::Cells::Range));
    add("sorting", Category::buffer, particles / ranks + 8 * grid.total() / ranks, 4);
    return made;
  }
  add("positions of all particles",
      placement == Placement::node_shared ? Category::node_shared : Category::replicated, particles,
      sizeof(Position));
  add("cells", Category::replicated, grid.total(), sizeof(molecular::Cells::Range));
  add("sorting", Category::buffer, particles + 8 * grid.total(), 4);
  return made;
}

Need need_of(const std::vector<forecast::Array>& arrays, int ranks) {
  Need need;
  for (const forecast::Array& array : arrays) {
    const auto bytes = static_cast<std::uint64_t>(array.elements) * array.element_bytes;
    if (array.category == Category::node_shared)
      need.node_bytes += bytes;
    else if (array.category == Category::distributed)
      need.rank_bytes += bytes / static_cast<std::uint64_t>(ranks);
    else
      need.rank_bytes += bytes;
  }
  return need;
}

}  // namespace tutti::simulation

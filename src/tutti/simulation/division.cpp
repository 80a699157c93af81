#include "tutti/simulation/division.hpp"

#include "tutti/core/text.hpp"
#include "tutti/simulation/shared_division.hpp"
#include "tutti/simulation/spatial_division.hpp"

namespace tutti::simulation {

std::unique_ptr<Division> divide(const World& world, const Grid& grid, Atoms mine, Placement placement) {
  if (placement != Placement::spatial)
    return std::make_unique<SharedDivision>(world, grid, std::move(mine), placement);
  const auto shape = Decomposition::shape(grid, world.size());
  if (!shape)
    throw UsageError(text("the box has ", grid.cells[0], " x ", grid.cells[1], " x ", grid.cells[2],
                          " cells, too few for ", world.size(), " ranks; give another placement"),
                     {"placement", {}});
  return std::make_unique<SpatialDivision>(world, Decomposition::suited(grid, *shape), *shape,
                                           std::move(mine));
}

}  // namespace tutti::simulation

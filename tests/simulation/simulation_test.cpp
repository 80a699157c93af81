#include "tutti/simulation/simulation.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "mpi_main.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/molecular/melt.hpp"
#include "tutti/molecular/motion.hpp"
#include "tutti/molecular/overlap_error.hpp"

namespace tutti::simulation {
namespace {

using molecular::Dynamics;
using molecular::Melt;
using molecular::Precision;

constexpr std::array placements{Placement::replicated, Placement::node_shared, Placement::spatial,
                                Placement::automatic};

struct Start {
  Melt melt;
  Precision precision = Precision::full;
  double skin = 0;
  DynamicsSetup setup() const {
    return {melt.box(), melt.interactions(), precision, melt.time_step, &molecular::reduced_units(), skin};
  }
};

Start melt_of(Index particles) {
  Start start;
  start.melt.particles = particles;
  return start;
}

// What one process alone computes.
struct Truth {
  std::uint64_t hash;
  molecular::Sums sums;
};
Truth alone(const Start& start, Index steps) {
  memory::Ledger ledger;
  Atoms atoms(static_cast<std::size_t>(start.melt.particles), 0, ledger);
  start.melt.place(atoms);
  Dynamics dynamics(start.setup(), std::move(atoms), ledger);
  dynamics.set_velocities(start.melt.seed, start.melt.temperature);
  dynamics.run(steps);
  return {dynamics.hash(), dynamics.sums()};
}

// This rank's block of the melt.
Atoms block_of(const World& world, const Melt& melt) {
  const Range mine = Distribution(block, melt.particles, world.size()).range(world.rank());
  Atoms atoms(mine.count, 0, world.ledger());
  melt.place(atoms, mine.first);
  return atoms;
}

void expect_as_alone(const Start& start, Index steps, Placement placement) {
  const World& world = testing_world::world();
  const Truth truth = alone(start, steps);
  Simulation simulation(world, start.setup(), block_of(world, start.melt), placement);
  simulation.set_velocities(start.melt.seed, start.melt.temperature);
  simulation.run(steps);
  EXPECT_EQ(simulation.hash(), truth.hash) << name(placement);
  EXPECT_EQ(simulation.sums(), truth.sums) << name(placement);
}

TEST(Simulation, HasTheBitsOfOneProcess) {
  for (const Placement placement : placements) expect_as_alone(melt_of(4000), 60, placement);
}

TEST(Simulation, AnyPrecisionAndSkin) {
  Start start = melt_of(2048);
  for (const auto& [precision, skin] :
       {std::pair{Precision::single, 0.0}, {Precision::full, 0.1}, {Precision::reference, 0.6}}) {
    start.precision = precision;
    start.skin = skin;
    for (const Placement placement : placements) expect_as_alone(start, 30, placement);
  }
}

TEST(Simulation, SmallBoxes) {
  Start start = melt_of(256);  // 2 cells an axis, in a box of 6.7 sigma
  for (const Placement placement : placements) expect_as_alone(start, 40, placement);
  const World& world = testing_world::world();
  const Simulation simulation(world, start.setup(), block_of(world, start.melt), Placement::spatial);
  const bool fits = world.size() == 1 || world.size() == 2 || world.size() == 4;
  EXPECT_EQ(simulation.placement(), fits ? Placement::spatial : Placement::node_shared);
  EXPECT_EQ(simulation.note().empty(), fits);
}

}  // namespace
}  // namespace tutti::simulation

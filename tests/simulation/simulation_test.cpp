#include "tutti/simulation/simulation.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tutti/comm/collectives.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/molecular/melt.hpp"
#include "tutti/simulation/production.hpp"

#include "mpi_main.hpp"

namespace tutti::simulation {
namespace {

using molecular::Dynamics;
using molecular::Melt;
using molecular::Position;
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

// All that must not show, together; tests/simulation/CMakeLists.txt runs it with each kernel.
TEST(Simulation, LongEverythingThatMustNotShow) {
  for (const Precision precision : {Precision::single, Precision::full})
    for (const double skin : {0.05, 0.3, 0.8})
      for (const Index particles : {256, 864, 4000, 6912}) {
        Start start = melt_of(particles);
        start.precision = precision;
        start.skin = skin;
        for (const Placement placement : placements) expect_as_alone(start, 200, placement);
      }
}

TEST(Simulation, LongGoesBackTheWayItCame) {
  const World& world = testing_world::world();
  const Start start = melt_of(864);
  Simulation simulation(world, start.setup(), block_of(world, start.melt));
  simulation.set_velocities(start.melt.seed, start.melt.temperature);
  EXPECT_TRUE(goes_back(simulation, 20000));
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

// Particles come in any order, on any rank.
TEST(Simulation, PermutedInput) {
  const World& world = testing_world::world();
  const Start start = melt_of(864);
  const Truth truth = alone(start, 20);
  for (const Placement placement : placements) {
    std::vector<Index> mine;  // from the last to the first, dealt out unevenly
    for (Index id = start.melt.particles; id-- > 0;)
      if ((id * id + id / 7) % world.size() == world.rank()) mine.push_back(id);
    Atoms atoms(mine.size(), 0, world.ledger());
    for (std::size_t i = 0; i < mine.size(); ++i) atoms.positions()[i] = start.melt.start(mine[i]);
    Simulation simulation(world, start.setup(), std::move(atoms), placement);
    simulation.set_velocities(start.melt.seed, start.melt.temperature);
    simulation.run(20);
    EXPECT_EQ(simulation.hash(), truth.hash) << name(placement);
  }
}

TEST(Simulation, GoesBackTheWayItCame) {
  const World& world = testing_world::world();
  const Start start = melt_of(500);
  Simulation simulation(world, start.setup(), block_of(world, start.melt));
  simulation.set_velocities(start.melt.seed, start.melt.temperature);
  const std::uint64_t before = simulation.hash();
  EXPECT_TRUE(goes_back(simulation, 300));
  EXPECT_EQ(simulation.hash(), before);
  simulation.run(300);
  const molecular::Sums sums = simulation.sums();
  for (const Int128 momentum : sums.momentum) EXPECT_TRUE(momentum == 0);
}

// Half of the box is empty: cuts follow the particles, and go with them.
TEST(Simulation, SharesOutADrop) {
  const World& world = testing_world::world();
  Start start = melt_of(2048);
  const double edge = start.melt.box().edge(0);
  DynamicsSetup setup = start.setup();
  setup.box = molecular::Box({edge, edge, 3 * edge});
  const auto place = [&](Atoms& atoms, Index first) {
    for (std::size_t i = 0; i < atoms.own(); ++i) {
      Position at = start.melt.start(first + static_cast<Index>(i));
      at.z = at.z / 3;
      atoms.positions()[i] = at;
    }
  };
  memory::Ledger ledger;
  Atoms all(2048, 0, ledger);
  place(all, 0);
  Dynamics truth(setup, std::move(all), ledger);
  truth.set_velocities(7, 1.5);
  truth.run(50);
  const Range mine = Distribution(block, 2048, world.size()).range(world.rank());
  for (const Placement placement : placements) {
    Atoms atoms(mine.count, 0, world.ledger());
    place(atoms, mine.first);
    Simulation simulation(world, setup, std::move(atoms), placement);
    simulation.set_velocities(7, 1.5);
    simulation.run(50);
    EXPECT_EQ(simulation.hash(), truth.hash()) << name(placement);
    EXPECT_LE(simulation.traffic().most_particles, 2048 / world.size() * 2) << name(placement);
  }
}

TEST(Simulation, ByIdGivesBackWhatWasGiven) {
  const World& world = testing_world::world();
  const Start start = melt_of(500);
  for (const Placement placement : placements) {
    Simulation simulation(world, start.setup(), block_of(world, start.melt), placement);
    const Atoms atoms = simulation.by_id();
    const Range mine = Distribution(block, 500, world.size()).range(world.rank());
    ASSERT_EQ(atoms.own(), mine.count);
    for (std::size_t i = 0; i < atoms.own(); ++i) {
      const Position at = start.melt.start(mine.first + static_cast<Index>(i));
      EXPECT_EQ(atoms.positions()[i].x, at.x);
      EXPECT_EQ(atoms.positions()[i].label, at.label);
    }
  }
}

// Two particles on top of each other, at home on one rank: all ranks say which.
TEST(Simulation, AnOverlapIsHeardOnAllRanks) {
  const World& world = testing_world::world();
  const Start start = melt_of(864);
  for (const Placement placement : placements) {
    Atoms atoms = block_of(world, start.melt);
    for (Position& at : atoms.own_positions())
      if (at.id() == 17) {
        at = start.melt.start(400);
        at.x += 1000;
        at.label = Position::make_label(17, 0);
      }
    try {
      Simulation(world, start.setup(), std::move(atoms), placement);
      ADD_FAILURE() << "nobody minds, " << name(placement);
    } catch (const FormatError& error) {
      EXPECT_EQ(error.data().subject, "overlap");
      EXPECT_EQ(error.data().number[0], 17);
      EXPECT_EQ(error.data().number[1], 400);
    }
  }
}

TEST(Simulation, AParticleThatGoesTooFarIsHeardOnAllRanks) {
  const World& world = testing_world::world();
  const Start start = melt_of(864);
  for (const Placement placement : placements) {
    Atoms atoms = block_of(world, start.melt);
    for (std::size_t i = 0; i < atoms.own(); ++i)
      if (atoms.positions()[i].id() == 99) atoms.momenta()[i].x = std::int64_t{1} << 58U;
    Simulation simulation(world, start.setup(), std::move(atoms), placement);
    try {
      simulation.run(3);
      ADD_FAILURE() << "nobody minds, " << name(placement);
    } catch (const FormatError& error) {
      EXPECT_EQ(error.data().subject, "speed");
      EXPECT_EQ(error.data().number[0], 99);
    }
  }
}

TEST(Simulation, RefusesWhatRanksDoNotAgreeOn) {
  const World& world = testing_world::world();
  const Start start = melt_of(500);
  Atoms twice = block_of(world, start.melt);
  for (Position& at : twice.own_positions())
    if (at.id() == 3) at.label = Position::make_label(4, 0);
  EXPECT_THROW(Simulation(world, start.setup(), std::move(twice)), FormatError);
  EXPECT_THROW(Simulation(world, start.setup(), Atoms(0, 0, world.ledger())), FormatError);
  if (world.size() == 1) return;
  DynamicsSetup other = start.setup();
  if (world.rank() == world.size() - 1) other.time_step = 0.004;
  EXPECT_THROW(Simulation(world, other, block_of(world, start.melt)), MismatchError);
}

}  // namespace
}  // namespace tutti::simulation

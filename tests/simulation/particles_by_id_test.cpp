#include "tutti/simulation/particles_by_id.hpp"

#include <gtest/gtest.h>

#include "tutti/comm/collectives.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/molecular/melt.hpp"

#include "mpi_main.hpp"

namespace tutti::simulation {
namespace {

using formats::Particle;
using molecular::Melt;

Melt melt_of(Index particles) {
  Melt melt;
  melt.particles = particles;
  return melt;
}

DynamicsSetup setup_of(const Melt& melt) {
  return {melt.box(), melt.interactions(), molecular::Precision::full, melt.time_step};
}

Atoms block_of(const World& world, const Melt& melt) {
  const Range mine = Distribution(block, melt.particles, world.size()).range(world.rank());
  Atoms atoms(mine.count, 0, world.ledger());
  melt.place(atoms, mine.first);
  return atoms;
}

// What one process alone has, by id.
std::vector<Particle> alone(const Melt& melt, Index steps) {
  memory::Ledger ledger;
  Atoms atoms(static_cast<std::size_t>(melt.particles), 0, ledger);
  melt.place(atoms);
  molecular::Dynamics run(setup_of(melt), std::move(atoms), ledger);
  run.set_velocities(melt.seed, melt.temperature);
  run.run(steps);
  std::vector<Particle> all(static_cast<std::size_t>(melt.particles));
  for (std::size_t i = 0; i < run.atoms().own(); ++i) {
    const molecular::Position& at = run.atoms().positions()[i];
    Particle& particle = all[static_cast<std::size_t>(at.id())];
    particle.id = at.id() + 1;
    particle.position = {run.setup().box.coordinate(at.x, 0), run.setup().box.coordinate(at.y, 1),
                         run.setup().box.coordinate(at.z, 2)};
    particle.force[0] = static_cast<double>(run.atoms().forces()[i].x) * run.model().force_quantum;
    particle.velocity[2] = static_cast<double>(run.atoms().momenta()[i].z) * run.motion().momentum_quantum /
                           run.motion().mass[0];
    particle.image[1] = run.atoms().momenta()[i].images[1];
  }
  return all;
}

TEST(ParticlesById, AreThoseOfOneProcess) {
  const World& world = testing_world::world();
  const Melt melt = melt_of(32000);  // several pieces a rank
  const std::vector<Particle> expected = alone(melt, 5);
  for (const Placement placement : {Placement::replicated, Placement::spatial}) {
    Simulation simulation(world, setup_of(melt), block_of(world, melt), placement);
    simulation.set_velocities(melt.seed, melt.temperature);
    simulation.run(5);
    std::size_t seen = 0;
    int wrong = 0;
    visit_by_id(simulation, "look", [&](std::span<const Particle> particles) {
      for (const Particle& particle : particles) {
        const Particle& same = expected.at(seen++);
        wrong += particle.id == same.id && particle.position == same.position &&
                         particle.force[0] == same.force[0] && particle.velocity[2] == same.velocity[2] &&
                         particle.image[1] == same.image[1]
                     ? 0
                     : 1;
      }
    });
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(seen, world.rank() == 0 ? expected.size() : 0U);
  }
}

TEST(ParticlesById, AFailureIsThatOfAllRanks) {
  const World& world = testing_world::world();
  const Melt melt = melt_of(4000);
  Simulation simulation(world, setup_of(melt), block_of(world, melt));
  int calls = 0;
  const auto full = [&](std::span<const Particle>) {
    ++calls;
    throw IoError("no space", {"run.dcd", {}});
  };
  EXPECT_THROW(visit_by_id(simulation, "write", full), IoError);
  EXPECT_EQ(calls, world.rank() == 0 ? 1 : 0);
  EXPECT_NO_THROW(visit_by_id(simulation, "look", [](std::span<const Particle>) {}));
}

}  // namespace
}  // namespace tutti::simulation

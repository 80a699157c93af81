// Particles on many ranks: a gas, so that there is a cell for each rank, and few particles to compute.
//   many_particles STEPS PLACEMENT
#include <cstdlib>

#include <tutti/molecular/melt.hpp>
#include <tutti/simulation/simulation.hpp>
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](const tutti::World& world) {
    if (argc != 3) throw tutti::UsageError("many_particles STEPS PLACEMENT");
    tutti::molecular::Melt gas;
    gas.particles = 10976;
    gas.density = 0.05;
    gas.temperature = 3;
    const tutti::Range mine =
        tutti::Distribution(tutti::block, gas.particles, world.size()).range(world.rank());
    tutti::molecular::Atoms atoms(mine.count, 0, world.ledger());
    gas.place(atoms, mine.first);
    tutti::simulation::Simulation simulation(world, {gas.box(), gas.interactions()}, std::move(atoms),
                                             tutti::simulation::placement_named(argv[2]));
    simulation.set_velocities(gas.seed, gas.temperature);
    simulation.run(std::atoll(argv[1]));
    const std::uint64_t state = simulation.hash();
    world.print(tutti::text(tutti::simulation::name(simulation.placement()), ", ",
                            simulation.traffic().rebuilds, " rebuilds: state ", state, "\n"));
  });
}

// Shows: molecular dynamics whose every bit is the same on any number of ranks, and that goes back the way it
// came. A Lennard-Jones crystal melts; each rank owns a part of the box. After 100 steps all velocities are
// turned around, and after 100 more the crystal is there again: the same hash, so the same bits. Codes that
// add floating-point numbers can do neither.
//
//   tutti run -n 1 -- ./13_melt        or   mpirun -n 1 ./13_melt
//   tutti run -n 7 -- ./13_melt        the same lines
#include <tutti/molecular/melt.hpp>
#include <tutti/simulation/simulation.hpp>
#include <tutti/tutti.hpp>

namespace {

using namespace tutti;
using molecular::Melt;
using simulation::Simulation;

// This rank's share of the particles, by number. Where they live is no concern of ours: the simulation sends
// each to its owner.
molecular::Atoms particles_of(const World& world, const Melt& melt) {
  const Range mine = Distribution(block, melt.particles, world.size()).range(world.rank());
  molecular::Atoms atoms(mine.count, 0, world.ledger());
  melt.place(atoms, mine.first);
  return atoms;
}

void show(Simulation& simulation) {
  const molecular::Observables now = simulation.observables();  // sums over all ranks, of whole numbers
  const double energy = now.total_energy() / static_cast<double>(simulation.particles());
  const std::uint64_t state = simulation.hash();
  simulation.world().print(text("temperature ", fixed_text(now.temperature, 6), ", energy ",
                                fixed_text(energy, 6), ", state ", state, "\n"));
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](World& world) {
    Melt melt;
    melt.particles = 4000;
    Simulation simulation(world, {melt.box(), melt.interactions()}, particles_of(world, melt));
    simulation.set_velocities(melt.seed, melt.temperature);
    show(simulation);
    simulation.run(100);
    show(simulation);
    simulation.reverse();
    simulation.run(100);
    simulation.reverse();
    show(simulation);
  });
}

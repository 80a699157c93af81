// The Lennard-Jones melt on several ranks: how fast, how large, how much travels. One JSON object a line.
//   mpirun -n P bench_parallel PARTICLES PRECISION STEPS PLACEMENT
// Memory is the proportional set size, of each rank, less that of the empty program on as many ranks.
#include <chrono>
#include <cstdlib>

#include <tutti/memory/system_memory.hpp>
#include <tutti/molecular/melt.hpp>
#include <tutti/simulation/simulation.hpp>
#include <tutti/tutti.hpp>

namespace {

using tutti::Index;
using tutti::simulation::Simulation;

Index proportional_set_bytes() {
  return static_cast<Index>(
      tutti::memory::process_memory().value_or(tutti::memory::ProcessMemory{}).pss.value_or(0));
}

void run(const tutti::World& world, char** argv) {
  tutti::molecular::Melt melt;
  melt.particles = std::atoll(argv[1]);
  const Index steps = std::atoll(argv[3]);
  tutti::barrier(world);
  const Index before = proportional_set_bytes();
  tutti::barrier(world);
  const tutti::Range mine =
      tutti::Distribution(tutti::block, melt.particles, world.size()).range(world.rank());
  tutti::molecular::Atoms atoms(mine.count, 0, world.ledger());
  melt.place(atoms, mine.first);
  Simulation simulation(
      world, {melt.box(), melt.interactions(), tutti::molecular::precision_named(argv[2]), melt.time_step},
      std::move(atoms), tutti::simulation::placement_named(argv[4]));
  simulation.set_velocities(melt.seed, melt.temperature);
  tutti::barrier(world);
  const auto start = std::chrono::steady_clock::now();
  simulation.run(steps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const double slowest = tutti::max(world, seconds.count());
  tutti::barrier(world);
  const Index bytes = tutti::max(world, proportional_set_bytes() - before);
  tutti::barrier(world);
  const auto traffic = simulation.traffic();
  const auto hash = simulation.hash();
  const auto booked = tutti::max(world, static_cast<Index>(world.ledger().at_peak().total()));
  world.print(tutti::text(
      "{\"particles\": ", melt.particles, ", \"precision\": \"", argv[2], "\", \"ranks\": ", world.size(),
      ", \"placement\": \"", tutti::simulation::name(simulation.placement()), "\", \"steps\": ", steps,
      ", \"seconds\": ", slowest, ", \"hash\": \"", hash, "\", \"rebuilds\": ", traffic.rebuilds,
      ", \"bytes_a_step\": ", traffic.bytes_a_step, ", \"most_bytes\": ", traffic.most_bytes,
      ", \"most_particles\": ", traffic.most_particles, ", \"rank_bytes\": ", bytes,
      ", \"booked_bytes\": ", booked, "}\n"));
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](const tutti::World& world) {
    if (argc != 5) throw tutti::UsageError("see the first lines of bench/molecular/parallel.cpp");
    run(world, argv);
  });
}

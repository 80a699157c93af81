// Shows: the energy of particles in a file, the same to the last bit on any number of ranks. Each rank reads
// the file and keeps its part; Simulation brings the particles to where they are computed with. Energies are
// sums of whole numbers, so that nobody can tell how many ranks there were. `tutti energy` is this program
// with options.
//
//   tutti run -n 4 -- ./12_lj_energy argon.toml argon.xyz       or   mpirun -n 4 ./12_lj_energy argon.toml
//   argon.xyz
#include <string>
#include <utility>

#include <tutti/molecular/molecular.hpp>
#include <tutti/simulation/simulation.hpp>
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    using namespace tutti::molecular;
    if (argc != 3) throw tutti::UsageError("12_lj_energy SYSTEM.toml PARTICLES");
    const std::string document = argv[1], particles = argv[2];
    SystemInput input;
    Configuration system = world.together("read " + particles, [&] {
      input = parse_system(tutti::files::whole_text(document, "description of a system"), document);
      return read_configuration(particles, {}, input, {world.rank(), world.size()}, world.ledger());
    });
    const double step = usual_time_step(system.interactions, *input.units);  // nothing moves here
    tutti::simulation::Simulation simulation(
        world, {system.box, system.interactions, input.precision, step, input.units},
        std::move(system.atoms));
    const Energies found = energies(simulation.sums(), system.counts, system.box, system.interactions, input);
    world.print(tutti::text(system.particles, " particles\npairs ", found.pairs, ' ', input.units->energy,
                            "\ntail ", found.tail, "\npressure ", found.pressure, "\nbits ",
                            tutti::hexfloat(found.pairs), "\n"));
  });
}

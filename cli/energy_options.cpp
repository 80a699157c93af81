#include "cli/energy_options.hpp"

#include <CLI/CLI.hpp>

#include "cli/system_options.hpp"

namespace tutti::cli {

CLI::App* add_energy(CLI::App& app, EnergyCommand& command) {
  CLI::App* energy = app.add_subcommand(
      "energy",
      "energy, virial, pressure and forces of Lennard-Jones particles in a file, the same bits on any "
      "number of ranks");
  energy->add_option("FILE", command.file, "particles: XYZ, extended XYZ, LAMMPS data, or NIST's text")
      ->required();
  add_system_options(*energy, command.system);
  add_particle_file_options(*energy, command.reading);
  energy
      ->add_option("--forces", command.forces,
                   "write the forces, in the order of ids: a .npy or an .xyz file")
      ->type_name("FILE");
  energy->footer("The page docs/molecular.md describes interactions, units, precisions and the input file.");
  return energy;
}

}  // namespace tutti::cli

#include "cli/md_options.hpp"

#include <CLI/CLI.hpp>

#include "cli/system_options.hpp"

namespace tutti::cli {

namespace {

void add_start_options(CLI::App& md, MdCommand& command) {
  md.add_option("FILE", command.file, "particles: XYZ, extended XYZ, LAMMPS data or NIST's text");
  md.add_option("--melt", command.melt,
                "or the standard Lennard-Jones melt of N particles, 4 n^3: 4000, 32000 ...")
      ->type_name("N");
  md.add_option("--density", command.density, "of the melt, particles / sigma^3 [0.8442]")->type_name("X");
  add_system_options(md, command.system);
  add_particle_file_options(md, command.reading);
  md.add_option("--temperature", command.temperature,
                "draw velocities of this temperature [those of FILE; the melt's 1.44]")
      ->type_name("T");
  md.add_option("--seed", command.seed, "of these velocities")->type_name("N");
  md.add_option("--time-step", command.time_step, "[0.005 in units lj]")->type_name("DT");
  md.add_option("--steps", command.steps, "of the whole run, with those before a restart")->type_name("S");
}

void add_how_options(CLI::App& md, MdCommand& command) {
  md.add_option("--placement", command.placement,
                "of the particles: auto, spatial, node-shared or replicated; shows in no result [auto]")
      ->type_name("WHERE");
  md.add_option("--skin", command.skin, "of the lists of neighbours, a length; shows in no result")
      ->type_name("X");
  md.add_option("--verify-reverse", command.verify_reverse,
                "instead: go N steps forward and N back, and compare the state with that of the start")
      ->type_name("N");
}

void add_output_options(CLI::App& md, MdCommand& command) {
  md.add_option("--every", command.every, "steps between two observations [a tenth of all]")->type_name("K");
  md.add_option("--table", command.table, "write what is observed to this file, too")->type_name("FILE");
  md.add_option("--trajectory", command.trajectory,
                "write positions: .xyz, .lammpstrj or .dcd, by the end of its name")
      ->type_name("FILE");
  md.add_option("--trajectory-every", command.trajectory_every, "[as --every]")->type_name("K");
  md.add_option("--pairs", command.pairs, "write the radial distribution function g(r) up to the cutoff")
      ->type_name("FILE");
  md.add_option("--bins", command.bins, "of g(r) [200]")->type_name("N");
  md.add_flag("--displacements", command.displacements, "observe the mean-square displacement, too");
  md.add_option("--checkpoints", command.checkpoints, "write checkpoints to this folder")
      ->type_name("FOLDER");
  md.add_option("--checkpoint-every", command.checkpoint_every, "[at the end only]")->type_name("K");
  md.add_flag("--restart", command.restart,
              "go on from the newest checkpoint there, on any number of ranks; files are cut to it");
  md.add_option("--output", command.common.output, "write what is printed to this file, too; atomically")
      ->type_name("FILE");
}

}  // namespace

CLI::App* add_md(CLI::App& app, MdCommand& command) {
  CLI::App* md =
      app.add_subcommand("md", "molecular dynamics at constant energy, the same bits on any number of ranks");
  add_start_options(*md, command);
  add_how_options(*md, command);
  add_output_options(*md, command);
  md->footer(
      "Prints a line for each observation: step, temperature, potential and total energy of a particle, "
      "pressure,\n"
      "and a hash of the whole state, by which two runs are compared. The page docs/molecular.md explains "
      "it.");
  return md;
}

}  // namespace tutti::cli

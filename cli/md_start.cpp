#include "cli/md_start.hpp"

#include <memory>

#include "tutti/comm/reductions.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/molecular/configuration.hpp"
#include "tutti/molecular/melt.hpp"

#include "cli/system_options.hpp"

namespace tutti::cli {

namespace {

using molecular::Configuration;
using molecular::Melt;
using molecular::PairEnding;
using molecular::SystemInput;
using simulation::System;

System melt_of(const MdCommand& command, const SystemInput& input) {
  if (command.file) throw UsageError("md: FILE and --melt are two starts; give one of them", {"--melt", {}});
  if (!input.types.empty() || input.box || input.units != &molecular::reduced_units())
    throw UsageError("--melt: has one type, its own box and units lj; give FILE for others", {"--melt", {}});
  if (input.ending == PairEnding::tail || input.ending == PairEnding::wca)
    throw UsageError(text("--truncation ", molecular::name(input.ending),
                          ": the melt has plain, energy-shift or force-shift; give FILE for others"),
                     {"--truncation", {}});
  Melt melt;
  melt.particles = *command.melt;
  melt.density = command.density.value_or(melt.density);
  melt.cutoff = input.cutoff.value_or(melt.cutoff);
  melt.truncation = molecular::truncation_of(input.ending);
  melt.time_step = command.time_step.value_or(input.dynamics.time_step.value_or(melt.time_step));
  System system{{melt.box(), melt.interactions(), input.precision, melt.time_step, input.units}, {}};
  system.temperature = command.temperature.value_or(input.dynamics.temperature.value_or(melt.temperature));
  system.seed = command.seed.value_or(input.dynamics.seed.value_or(melt.seed));
  system.particles = [melt](const World& world) {
    const Range mine = Distribution(block, melt.particles, world.size()).range(world.rank());
    molecular::Atoms atoms(mine.count, 0, world.ledger());
    melt.place(atoms, mine.first);
    return atoms;
  };
  return system;
}

System file_of(const World& world, const MdCommand& command, const SystemInput& input) {
  if (command.density) throw UsageError("--density: is of the melt; give it with --melt", {"--density", {}});
  std::optional<double> time_step = command.time_step ? command.time_step : input.dynamics.time_step;
  if (!time_step && input.units == &molecular::reduced_units()) time_step = Melt().time_step;
  if (!time_step)
    throw UsageError(text("md: no time step; give --time-step, in ", input.units->time), {"--time-step", {}});
  const auto read = world.together("read " + *command.file, [&] {
    return std::make_shared<Configuration>(
        molecular::read_configuration(*command.file, read_options_of(command.reading), input,
                                      {world.rank(), world.size()}, world.ledger()));
  });
  System system{{read->box, read->interactions, input.precision, *time_step, input.units}, {}};
  system.temperature = command.temperature ? command.temperature : input.dynamics.temperature;
  system.seed = command.seed.value_or(input.dynamics.seed.value_or(system.seed));
  if (!system.temperature && tutti::sum(world, static_cast<Index>(read->velocities.size())) == 0)
    throw UsageError(text(printable(*command.file), ": has no velocities; give --temperature"),
                     {"--temperature", {}});
  if (input.has_tail()) {
    system.tail_energy = read->interactions.tail_energy(read->counts, read->box.volume());
    system.tail_pressure =
        read->interactions.tail_pressure(read->counts, read->box.volume()) * input.units->pressure;
  }
  const bool drawn = system.temperature.has_value();
  system.particles = [read, drawn, setup = system.setup](const World& everyone) {
    everyone.together("momenta", [&] {
      if (drawn) return;
      const molecular::Model model(setup.box, setup.interactions, setup.precision);
      read->set_momenta({setup.box, setup.interactions, *setup.units, model, setup.time_step});
    });
    read->velocities = {};
    return std::move(read->atoms);
  };
  return system;
}

}  // namespace

System start_of(const World& world, const MdCommand& command, const SystemInput& input) {
  if (!command.melt && !command.file)
    throw UsageError("md: no particles; give FILE, or --melt N as in tutti md --melt 4000 --steps 200");
  System system = command.melt ? melt_of(command, input) : file_of(world, command, input);
  system.setup.skin = command.skin.value_or(input.dynamics.skin.value_or(0));
  return system;
}

}  // namespace tutti::cli

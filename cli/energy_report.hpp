// What `tutti energy` says.
#pragma once

#include <string>

#include "tutti/molecular/configuration.hpp"
#include "tutti/molecular/energies.hpp"

#include "cli/output.hpp"

namespace tutti::cli {

struct EnergyReport {
  const molecular::SystemInput& input;
  const molecular::Configuration& system;
  molecular::Energies energies;
  Seconds seconds;  ///< read and compute
};

std::string energy_text(const EnergyReport& report);
std::string energy_json(const World& world, const EnergyReport& report, const Memory& memory);
/// On stderr, by rank 0, unless --quiet or --json.
void summarize(const World& world, const Common& common, const EnergyReport& report, const Memory& memory);

}  // namespace tutti::cli

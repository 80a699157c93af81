// Where a run of `tutti md` starts: a file of particles, or the standard melt.
#pragma once

#include "tutti/molecular/system_input.hpp"
#include "tutti/simulation/production.hpp"

#include "cli/command_line.hpp"

namespace tutti::cli {

/// Collective. @throws on all ranks, UsageError naming the option; what reading the file throws
simulation::System start_of(const World& world, const MdCommand& command,
                            const molecular::SystemInput& input);

}  // namespace tutti::cli

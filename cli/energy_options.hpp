// The options of `tutti energy`.
#pragma once

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace tutti::cli {

/// Adds the command, which fills in `command`.
CLI::App* add_energy(CLI::App& app, EnergyCommand& command);

}  // namespace tutti::cli

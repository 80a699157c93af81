// The options of `tutti plan`.
#pragma once

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace tutti::cli {

/// Adds the command, which fills in `command`.
CLI::App* add_plan(CLI::App& app, PlanCommand& command);

}  // namespace tutti::cli

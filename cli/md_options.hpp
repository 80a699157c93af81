// The options of `tutti md`.
#pragma once

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace tutti::cli {

/// Adds the command, which fills in `command`.
CLI::App* add_md(CLI::App& app, MdCommand& command);

}  // namespace tutti::cli

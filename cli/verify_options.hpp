// The options of `tutti verify`.
#pragma once

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace tutti::cli {

/// Adds the command, which fills in `command`.
CLI::App* add_verify(CLI::App& app, VerifyCommand& command);

}  // namespace tutti::cli

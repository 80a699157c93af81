// What stands in a rank's place under the launcher: starts the rank's program, looks into it, and ends like
// it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tutti/inspect/report.hpp"

namespace tutti::inspect {

struct AgentOptions {
  double every = 0.2;        ///< s between two samples, at most
  std::optional<double> at;  ///< s: look for equal pages then, and only then
};

/// Runs the program as this rank. One process of the node calls `speak`, at the end, with what was found
/// there. Whatever goes wrong with looking, the program runs to its end.
/// @return the program's exit code; if a signal ended it, this process ends by the same.
/// @throws FileError if the program cannot be executed, SystemError if no process can be made,
///         UsageError for a wrong TUTTI_NODES.
int run_agent(const AgentOptions& options, const std::vector<std::string>& program,
              const std::function<void(const NodeReport&)>& speak);

}  // namespace tutti::inspect

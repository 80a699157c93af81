#include "tutti/launch/front_end.hpp"

#include "cli/commands.hpp"

namespace tutti::cli {

int run(const RunCommand& command) {
  launch::LaunchRequest request;
  request.ranks = command.common.ranks.value_or(1);
  request.program = command.program;
  request.mpiexec = command.common.mpiexec;
  request.use_launcher = command.common.use_launcher;
  return launch::report(launch::run_program(request),
                        command.common.json ? launch::Style::json : launch::Style::plain);
}

}  // namespace tutti::cli

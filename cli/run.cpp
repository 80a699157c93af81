#include "tutti/launch/front_end.hpp"

#include "cli/commands.hpp"

namespace tutti::cli {

std::vector<launch::EnvironmentSetting> memory_settings(const Common& common) {
  std::vector<launch::EnvironmentSetting> settings;
  if (common.memory_budget) settings.push_back({"TUTTI_MEMORY_BUDGET", *common.memory_budget});
  if (common.memory_report) settings.push_back({"TUTTI_MEMORY_REPORT", *common.memory_report});
  return settings;
}

int run(const RunCommand& command) {
  launch::LaunchRequest request;
  request.ranks = command.common.ranks.value_or(1);
  request.program = command.program;
  request.mpiexec = command.common.mpiexec;
  request.use_launcher = command.common.use_launcher;
  request.environment = memory_settings(command.common);
  return launch::report(launch::run_program(request),
                        command.common.json ? launch::Style::json : launch::Style::plain);
}

}  // namespace tutti::cli

#include <cerrno>
#include <cstdio>
#include <unistd.h>

#include "tutti/core/text.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/inspect/agent.hpp"
#include "tutti/launch/front_end.hpp"

#include "cli/commands.hpp"
#include "cli/inspect_report.hpp"

namespace tutti::cli {

namespace {

// This executable as the agent of a rank: "tutti inspect ... --", the program follows.
std::vector<std::string> agent_command(const InspectCommand& command) {
  std::vector<std::string> words{launch::own_path(), "inspect", "--every", text(command.every)};
  if (command.at) words.insert(words.end(), {"--at", text(*command.at)});
  if (command.common.json) words.emplace_back("--json");
  if (command.common.output) words.insert(words.end(), {"--output", *command.common.output});
  words.emplace_back("--");
  return words;
}

// The node of rank 0 writes to the file itself, others to files beside it.
std::string path_for(const std::string& path, const inspect::NodeReport& report) {
  const bool first = report.ranks.front() == 0;
  return first ? path : text(path, ".", report.node);
}

void speak(const InspectCommand& command, const inspect::NodeReport& report) {
  const std::string words = command.common.json ? inspect_json(report) : inspect_text(report);
  if (command.common.output) {
    AtomicFile file(path_for(*command.common.output, report));
    file.write_at(0, std::as_bytes(std::span(words)));
    file.commit();
    return;
  }
  std::fputs(words.c_str(), stderr);  // no longer than a pipe takes at once, so that no rank's text cuts it
}

}  // namespace

int inspect(const InspectCommand& command) {
  if (launch::how_to_start(command.common.ranks, command.common.use_launcher) == launch::Start::launch) {
    launch::LaunchRequest request;
    request.ranks = command.common.ranks.value_or(1);
    request.agent = agent_command(command);
    request.program = command.program;
    request.mpiexec = command.common.mpiexec;
    // stdout is the program's also with --json: an error of ours stays a line on stderr.
    return launch::report(launch::run_program(request), launch::Style::plain);
  }
  return inspect::run_agent({command.every, command.at}, command.program,
                            [&](const inspect::NodeReport& report) { speak(command, report); });
}

}  // namespace tutti::cli

#include "tutti/launch/front_end.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <climits>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/exit_note.hpp"
#include "tutti/launch/launcher_noise.hpp"

namespace tutti::launch {

namespace {

constexpr int signal_base = 128;

// "signal 9 (Killed)"
std::string signal_text(int signal) {
  const char* const description = ::strsignal(signal);  // NOLINT(concurrency-mt-unsafe): one thread
  return text("signal ", signal, " (", description != nullptr ? description : "unknown", ")");
}

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // nobody is left to be told
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

Outcome start_and_judge(LaunchRequest launch, RelayRequest request) {
  const bool seen = request.error == STDERR_FILENO && ::isatty(STDERR_FILENO) != 0;
  launch.environment.push_back({"TUTTI_FRONT_END", "1"});
  launch.environment.push_back({"TUTTI_PROGRESS", seen ? "tty" : "lines"});
  const LaunchPlan plan = plan_launch(launch);
  request.command = plan.command;
  request.environment = plan.environment;
  if (plan.kind == LauncherKind::openmpi) request.rank_variable = "OMPI_COMM_WORLD_RANK";
  Outcome outcome = judge(relay(request));
  outcome.launcher = plan.kind;
  return outcome;
}

}  // namespace

std::string own_path() {
  std::array<char, PATH_MAX> path{};
  const auto count = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  std::string found = count > 0 ? std::string(path.data(), static_cast<std::size_t>(count)) : std::string();
  if (!find_program(found))
    throw SystemError(text("/proc/self/exe: ", printable(found),
                           ": this program cannot be started again; was it replaced or deleted?"),
                      {found, {}});
  return found;
}

Start how_to_start(std::optional<int> ranks, UseLauncher use_launcher) {
  if (ranks && *ranks < 1)
    throw UsageError(text("-n ", *ranks, ": give a number of ranks of at least 1"), {"-n", {}});
  if (!ranks) return Start::here;
  const auto launcher = detect_launcher();
  if (launcher && launcher->ranks != 0 && launcher->ranks != *ranks)
    throw UsageError(text("-n ", *ranks, ": ", name(launcher->kind), "'s launcher has already started ",
                          launcher->ranks, " ranks; leave -n out, or start tutti without a launcher"),
                     {"-n", {*ranks, launcher->ranks}});
  if (launcher || under_front_end()) return Start::here;
  if (use_launcher == UseLauncher::no || environment_text("TUTTI_LAUNCHER") == "none") {
    if (*ranks == 1) return Start::here;
    throw UsageError(text("-n ", *ranks, " without a launcher (--launcher none, TUTTI_LAUNCHER): give -n 1"),
                     {"-n", {*ranks, 0}});
  }
  return Start::launch;
}

Outcome judge(const RelayResult& result) {
  Outcome outcome{result.exit_code, "", -1, "", result.output_seen, result.received, result.timed_out};
  if (result.exit_note) {
    outcome.exit_code = *result.exit_note;
    return outcome;
  }
  if (result.received) {  // MPICH's mpiexec may call that a success
    outcome.exit_code = signal_base + *result.received;
    outcome.message = text("ended by ", signal_text(*result.received));
    return outcome;
  }
  if (result.exit_code == 0) return outcome;
  outcome.launcher_text = result.launcher_text;
  if (result.launcher_killed) {
    outcome.message = text("the launcher was ended by ", signal_text(result.exit_code - signal_base));
  } else if (const auto signal = signal_in(result.launcher_text)) {
    outcome.exit_code = signal_base + signal->signal;
    outcome.rank = signal->rank;
    outcome.message = signal->rank >= 0
                          ? text("rank ", signal->rank, " was ended by ", signal_text(signal->signal))
                          : text("the program was ended by ", signal_text(signal->signal));
  } else if (result.error_seen) {
    outcome.launcher_text.clear();
  } else {
    outcome.message = text("the program ended with exit code ", result.exit_code);
    // Now and then a launcher passes on the code of a killed rank without a word.
    if (result.exit_code > signal_base && result.exit_code < signal_base + NSIG)
      outcome.message += text(", as after ", signal_text(result.exit_code - signal_base));
  }
  return outcome;
}

Outcome run_front_end(int ranks, const std::optional<std::string>& mpiexec,
                      const std::vector<std::string>& arguments) {
  LaunchRequest request;
  request.ranks = ranks;
  request.mpiexec = mpiexec;
  request.program = arguments;
  if (request.program.empty()) request.program.emplace_back();
  request.program.front() = own_path();
  return start_and_judge(std::move(request), {});
}

Outcome run_program(const LaunchRequest& request) {
  RelayRequest relayed;
  relayed.input = Input::inherited;
  return start_and_judge(request, relayed);
}

Outcome run_captured(const LaunchRequest& request, const Capture& capture) {
  RelayRequest relayed;
  relayed.output = capture.output;
  relayed.output_name = capture.output_name;
  relayed.error = capture.error;
  relayed.limit_seconds = capture.limit_seconds;
  return start_and_judge(request, relayed);
}

int report(const Outcome& outcome, Style style) {
  if (outcome.message.empty()) return outcome.exit_code;
  write_all(STDERR_FILENO, outcome.launcher_text);
  if (style == Style::json && !outcome.output_seen)
    write_all(STDOUT_FILENO,
              text("{\"error\":{\"type\":\"RemoteError\",\"message\":", json_string(outcome.message),
                   ",\"rank\":", outcome.rank, ",\"exit\":", outcome.exit_code, "}}\n"));
  else
    write_all(STDERR_FILENO, text("tutti: error: ", outcome.message, "\n"));
  return outcome.exit_code;
}

}  // namespace tutti::launch

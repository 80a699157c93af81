#include "tutti/memory/process_state.hpp"

#include <cerrno>
#include <csignal>
#include <limits>
#include <string>
#include <unistd.h>

#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::memory {

const char* name(ProcessState state) {
  switch (state) {
    case ProcessState::running:
      return "running";
    case ProcessState::sleeping:
      return "sleeping";
    case ProcessState::stopped:
      return "stopped";
    case ProcessState::traced:
      return "traced by a debugger";
    case ProcessState::dead:
      return "dead";
    case ProcessState::unknown:
      break;
  }
  return "in an unknown state";
}

std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  const std::size_t close = line.rfind(')');
  const std::size_t open = line.find(" (");
  if (close == std::string_view::npos || open == std::string_view::npos || open > close) return std::nullopt;
  const auto pid = whole_number(line.substr(0, open));
  const auto word = words(line.substr(close + 1));  // word[0] is field 3 of proc(5), the state
  if (!pid || word.size() < 20 || word[0].size() != 1) return std::nullopt;
  const auto parent = whole_number(word[1]);
  const auto user = natural_number(word[11]);
  const auto system = natural_number(word[12]);
  const auto threads = whole_number(word[17]);
  const auto start = natural_number(word[19]);
  if (!parent || !user || !system || !threads || !start) return std::nullopt;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return ProcessStat{*pid,       *parent,
                     word[0][0], (static_cast<double>(*user) + static_cast<double>(*system)) / ticks,
                     *threads,   *start};
}

ProcessState state_of(const ProcessStat& stat, const ProcessIdentity& process) {
  if (process.start_time != 0 && stat.start_time != process.start_time) return ProcessState::dead;
  switch (stat.state) {
    case 'R':
      return ProcessState::running;
    case 'S':
    case 'D':
    case 'I':
    case 'K':
    case 'W':
    case 'P':
      return ProcessState::sleeping;
    case 'T':
      return ProcessState::stopped;
    case 't':
      return ProcessState::traced;
    case 'Z':  // the main thread has ended; the process lives on as long as another thread does
      return stat.threads > 1 ? ProcessState::sleeping : ProcessState::dead;
    case 'X':
    case 'x':
      return ProcessState::dead;
    default:
      return ProcessState::unknown;
  }
}

ProcessIdentity this_process() {
  const std::int64_t pid = ::getpid();
  const auto line = read_text("/proc/self/stat");
  const auto stat = line ? parse_process_stat(*line) : std::nullopt;
  if (!stat || stat->pid != pid) return {pid, 0};
  return {pid, stat->start_time};
}

ProcessIdentity identity_of(std::int64_t pid) {
  const auto line = read_text(text("/proc/", pid, "/stat"));
  const auto stat = line ? parse_process_stat(*line) : std::nullopt;
  return {pid, stat ? stat->start_time : 0};
}

bool has_variable(std::int64_t pid, const std::string& variable) {
  const auto environment = read_text(text("/proc/", pid, "/environ"));
  const std::string begin = variable + "=";
  return environment &&
         (environment->starts_with(begin) || environment->find('\0' + begin) != std::string::npos);
}

ProcessStatus status_of(const ProcessIdentity& process) {
  if (process.pid <= 0) return {};  // 0 and negative numbers mean groups to kill(2)
  const auto line = read_text(text("/proc/", process.pid, "/stat"));
  const auto stat = line ? parse_process_stat(*line) : std::nullopt;
  if (stat) return {state_of(*stat, process), stat->cpu_seconds};
  // Not shown: gone, or hidden from us (hidepid). A signal of number 0 tells these apart without being sent.
  const bool possible = process.pid <= std::numeric_limits<pid_t>::max();
  const bool gone = !possible || (::kill(static_cast<pid_t>(process.pid), 0) != 0 && errno == ESRCH);
  return {gone ? ProcessState::dead : ProcessState::unknown, 0};
}

}  // namespace tutti::memory

// The state of another process of this node, as the operating system tells it: how the watchdog knows whether
// a missing rank works, was stopped, sits in a debugger, or is gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::memory {

/// A process that cannot be confused with a later one of the same number. Trivially copyable: ranks of a node
/// hand it to one another in shared memory.
struct ProcessIdentity {
  std::int64_t pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks from the machine's boot to its start; 0: not known
};

enum class ProcessState : std::uint8_t {
  running,   ///< on a core, or waiting for one
  sleeping,  ///< waits inside the kernel: for a message, a file, a timer
  stopped,   ///< by SIGSTOP, SIGTSTP, or a cgroup's freezer as far as the kernel shows it
  traced,    ///< held by a debugger
  dead,      ///< ended, also if nobody has reaped it yet, or if the number belongs to another process now
  unknown,   ///< the system does not show it (/proc mounted with hidepid, another PID namespace)
};

/// "running", "sleeping", "stopped", "traced by a debugger", "dead", "in an unknown state".
const char* name(ProcessState state);

struct ProcessStatus {
  ProcessState state = ProcessState::unknown;
  double cpu_seconds =
      0;  ///< user + system time of all its threads; grows in an endless loop. A multiple of 10 ms
};

/// This process. start_time is 0 where /proc does not show us under our own number.
ProcessIdentity this_process();

/// The process that has the number `pid` now. start_time is 0 if it has none, or is hidden.
ProcessIdentity identity_of(std::int64_t pid);

/// Whether the environment with which a process was started has the variable; false for one that is hidden.
bool has_variable(std::int64_t pid, const std::string& variable);

/// The status of a process of this node. Takes some 10 us; allocates a little; never waits, never throws for
/// what the other process does.
ProcessStatus status_of(const ProcessIdentity& process);

/// What one line of /proc/<pid>/stat says (proc(5)).
struct ProcessStat {
  std::int64_t pid = 0;
  std::int64_t parent = 0;
  char state = '?';
  double cpu_seconds = 0;
  std::int64_t threads = 0;
  std::uint64_t start_time = 0;
};

/// Reads such a line. The command name in it is anything a user likes, also ") R 1 (": fields are counted
/// from the *last* closing parenthesis. Nothing if the line is cut or nonsense.
std::optional<ProcessStat> parse_process_stat(std::string_view line);

/// The state that such a line means for `process`.
ProcessState state_of(const ProcessStat& stat, const ProcessIdentity& process);

}  // namespace tutti::memory

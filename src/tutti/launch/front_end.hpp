// The parent side of `tutti ... -n P` and `tutti run -n P -- PROG`: starts the ranks, relays, and ends with
// one code and at most one message.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tutti/launch/relay.hpp"
#include "tutti/launch/start.hpp"

namespace tutti::launch {

enum class Start : unsigned char {
  here,    ///< this process is a rank (or the only one): start MPI and work
  launch,  ///< this process starts the ranks: call run_front_end()
};

/// What `-n` means here. Without it, or for a process that a front end has started, or without a launcher:
/// here.
/// @param ranks  of -n, if it was given
/// @throws UsageError if ranks < 1, if ranks > 1 and no launcher may be used, or if a launcher has already
/// started us with another number of processes.
Start how_to_start(std::optional<int> ranks, UseLauncher use_launcher);

/// How a run ended.
struct Outcome {
  int exit_code = 0;
  std::string message;            ///< what is to be told: set if it went wrong and no rank has said so
  int rank = -1;                  ///< the rank that it is about, if known
  std::string launcher_text;      ///< the launcher's own words, for the same case
  bool output_seen = false;       ///< something stands on stdout already
  std::optional<int> received{};  ///< a signal that we were sent and passed on
  bool timed_out = false;         ///< it took longer than it may
  LauncherKind launcher = LauncherKind::unknown;  ///< of the launcher that started it
};

/// The end of a run, from what the relay saw: the agreed code if the program told it, 128 + n for a signal,
/// else the launcher's code. MPICH's mpiexec ends with the bare number of a signal, which its words set
/// right.
Outcome judge(const RelayResult& result);

/// This executable, to be started again.
/// @throws SystemError if it was deleted or replaced meanwhile.
std::string own_path();

/// Starts this executable again, with the same arguments, on P ranks under the launcher; they find
/// TUTTI_FRONT_END set and whether we see a terminal in TUTTI_PROGRESS ("tty" or "lines"), since a rank's own
/// isatty is wrong under Open MPI. Their stdin is empty.
/// @param arguments  argv, all of it
/// @throws what plan_launch() and relay() throw.
Outcome run_front_end(int ranks, const std::optional<std::string>& mpiexec,
                      const std::vector<std::string>& arguments);

/// Runs any program, with the same two variables. It reads our stdin unless that is a terminal.
/// @throws what plan_launch() and relay() throw.
Outcome run_program(const LaunchRequest& request);

/// Where the output of a program goes that nobody is to see now.
struct Capture {
  int output = -1;  ///< an open file for its stdout, and what errors call that
  std::string output_name;
  int error = -1;                       ///< an open file for its stderr
  std::optional<double> limit_seconds;  ///< it may take so long; then it is asked to end, and at last killed
};

/// Runs any program, as run_program() does, without input and into files.
/// @throws what plan_launch() and relay() throw; IoError also if the output cannot be kept.
Outcome run_captured(const LaunchRequest& request, const Capture& capture);

/// How a message is printed.
enum class Style : unsigned char {
  plain,  ///< "tutti: error: ..." on stderr
  json,   ///< as an object on stdout, if nothing stands there; else plain
};

/// Prints the outcome's message, if it has one. @return its exit code.
int report(const Outcome& outcome, Style style);

}  // namespace tutti::launch

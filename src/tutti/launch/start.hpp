// The command that starts a program on P ranks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tutti/launch/child_process.hpp"
#include "tutti/launch/launcher.hpp"

namespace tutti::launch {

enum class UseLauncher : unsigned char {
  yes,
  no,  ///< `--launcher none`: the program alone, as one rank
};

/// @throws UsageError for anything but "none" and "auto" (the option's text).
UseLauncher parse_use_launcher(const std::string& text);

struct LaunchRequest {
  int ranks = 1;                              ///< at least 1
  std::vector<std::string> program;           ///< and its arguments
  std::vector<std::string> agent;             ///< what stands before it on each rank, and starts it there
  std::optional<std::string> mpiexec;         ///< `--mpiexec`: this launcher and no other
  std::optional<LauncherKind> mpi;            ///< openmpi or mpich: a launcher of this MPI and no other
  std::vector<std::string> launcher_options;  ///< for the launcher, before the program
  std::vector<EnvironmentSetting> environment;
  UseLauncher use_launcher = UseLauncher::yes;
};

struct LaunchPlan {
  LauncherKind kind = LauncherKind::unknown;  ///< unknown also where no launcher is used
  std::vector<std::string> command;
  std::vector<EnvironmentSetting> environment;
};

/// What counts about the machine.
struct Machine {
  int cores = 1;      ///< physical ones that this process may use
  bool root = false;  ///< Open MPI refuses to run as root unless told twice
  bool allocation =
      false;  ///< a batch system gave us nodes: the launcher knows them, this node's cores say nothing
};
Machine this_machine();

/// Finds the launcher: `--mpiexec`, TUTTI_MPIEXEC, the one tutti was built with if the program uses the same
/// MPI or none that can be seen, else one of the program's MPI from PATH. Where the request names an MPI, a
/// launcher of that. TUTTI_LAUNCHER=none is `--launcher none`.
/// @throws LauncherError if there is none, or the one asked for serves another MPI than the program's;
///         FileError if the program does not exist or is not executable;
///         UsageError if ranks < 1, or > 1 without a launcher, or an argument is ":" (launchers split there).
LaunchPlan plan_launch(const LaunchRequest& request);

/// The plan for a launcher that is found.
LaunchPlan plan_with(LauncherKind kind, const std::string& mpiexec, const LaunchRequest& request,
                     const Machine& machine);

}  // namespace tutti::launch

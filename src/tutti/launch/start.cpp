#include "tutti/launch/start.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string_view>
#include <unistd.h>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/launch/program_mpi.hpp"
#include "tutti/memory/usable_cores.hpp"

extern char** environ;  // NOLINT: POSIX names it so, and no header does

namespace tutti::launch {

namespace {

struct Launcher {
  LauncherKind kind;
  std::string path;
};

void check_request(const LaunchRequest& request) {
  if (request.ranks < 1)
    throw UsageError(text("-n ", request.ranks, ": give a number of ranks of at least 1"), {"-n", {}});
  if (request.program.empty()) throw UsageError("no program to start; give it after --", {"PROG", {}});
  if (std::find(request.program.begin(), request.program.end(), ":") != request.program.end())
    throw UsageError("the argument ':' separates programs for launchers and cannot be passed to a program",
                     {":", {}});
  const std::string& program = request.program.front();
  if (find_program(program)) return;
  std::error_code ignored;
  const bool named = program.find('/') != std::string::npos;
  const bool exists = named && std::filesystem::exists(program, ignored);
  const bool folder = exists && std::filesystem::is_directory(program, ignored);
  throw FileError(text(printable(program), folder   ? ": is a folder, not a program"
                                           : exists ? ": is not executable; chmod +x makes it so"
                                           : named  ? ": no such program"
                                                    : ": no such program in PATH; give its path"),
                  {program, {exists ? EACCES : ENOENT, 0}});
}

LauncherKind program_kind(const std::string& program) {
  const auto path = find_program(program);
  return path ? mpi_of_program(*path) : LauncherKind::unknown;
}

// The launcher that the user asked for. Whether it serves the program's MPI is checked before it starts P
// programs of one rank.
Launcher wanted_launcher(const std::string& wanted, const char* source, const LaunchRequest& request) {
  const auto path = find_program(wanted);
  if (!path)
    throw LauncherError(
        text(source, " ", printable(wanted), ": no such program; give the mpiexec of your MPI"),
        {wanted, {}});
  const LauncherKind kind = kind_of_launcher(*path);
  const LauncherKind needed = program_kind(request.program.front());
  const bool differ = kind != needed && (kind == LauncherKind::openmpi || kind == LauncherKind::mpich);
  if (differ && needed != LauncherKind::unknown)
    throw LauncherError(
        text(source, " ", printable(wanted), ": this is ", name(kind), "'s launcher, and ",
             printable(request.program.front()), " uses ", name(needed), "; give that MPI's mpiexec"),
        {wanted, {}});
  return {kind, *path};
}

Launcher found_launcher(LauncherKind needed) {
  const bool openmpi = needed == LauncherKind::openmpi;
  if (needed == kind_of(built_mpi) && find_program(std::string(built_mpiexec)))
    return {needed, std::string(built_mpiexec)};
  std::vector<std::string> names = openmpi ? std::vector<std::string>{"mpirun.openmpi", "mpiexec.openmpi"}
                                           : std::vector<std::string>{"mpiexec.mpich", "mpiexec.hydra"};
  names.insert(names.end(), {"mpiexec", "mpirun"});
  std::string tried = needed == kind_of(built_mpi) ? text(built_mpiexec, ", ") : std::string();
  for (const std::string& name : names) {
    const auto path = find_program(name);
    if (path && kind_of_launcher(*path) == needed) return {needed, *path};
    tried += name + (name == "mpirun" ? "" : ", ");
  }
  throw LauncherError(text("no launcher of ", name(needed), " found (", tried,
                           " in PATH); install it, or name it by ", "--mpiexec or TUTTI_MPIEXEC"),
                      {std::string(built_mpiexec), {}});
}

// A launcher of the MPI that the request names.
Launcher launcher_of(LauncherKind mpi, const LaunchRequest& request) {
  const LauncherKind used = program_kind(request.program.front());
  if (used != mpi && used != LauncherKind::unknown)
    throw LauncherError(text("--mpi: ", printable(request.program.front()), " uses ", name(used), ", not ",
                             name(mpi), "; leave --mpi out, or give the program built for ", name(mpi)),
                        {request.program.front(), {}});
  // TUTTI_MPIEXEC may name the other MPI's: both are wanted in turn.
  const auto wanted = environment_text("TUTTI_MPIEXEC");
  const auto path = wanted ? find_program(*wanted) : std::nullopt;
  return path && kind_of_launcher(*path) == mpi ? Launcher{mpi, *path} : found_launcher(mpi);
}

Launcher launcher_for(const LaunchRequest& request) {
  if (request.mpiexec) return wanted_launcher(*request.mpiexec, "--mpiexec", request);
  if (request.mpi) return launcher_of(*request.mpi, request);
  if (const auto wanted = environment_text("TUTTI_MPIEXEC"))
    return wanted_launcher(*wanted, "TUTTI_MPIEXEC", request);
  const LauncherKind needed = program_kind(request.program.front());
  return found_launcher(needed == LauncherKind::unknown ? kind_of(built_mpi) : needed);
}

// Whether the user decides himself where ranks go.
bool places_ranks(const std::vector<std::string>& options) {
  constexpr std::array<std::string_view, 9> placing{
      "host", "H", "hostfile", "machinefile", "map-by", "rank-by", "bind-to", "oversubscribe", "rankfile"};
  return std::any_of(options.begin(), options.end(), [&](std::string_view option) {
    if (!option.starts_with('-')) return false;
    option.remove_prefix(option.starts_with("--") ? 2 : 1);
    return std::find(placing.begin(), placing.end(), option) != placing.end();
  });
}

// Open MPI hands its environment to ranks on this node only; others get what is named.
std::set<std::string> exported_names(const LaunchRequest& request) {
  std::set<std::string> names;
  for (const EnvironmentSetting& setting : request.environment) names.insert(setting.name);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    if (variable.starts_with("TUTTI_")) names.emplace(variable.substr(0, variable.find('=')));
  }
  return names;
}

std::vector<std::string> what_ranks_start(const LaunchRequest& request) {
  std::vector<std::string> words = request.agent;
  words.insert(words.end(), request.program.begin(), request.program.end());
  return words;
}

}  // namespace

UseLauncher parse_use_launcher(const std::string& text) {
  if (text == "none") return UseLauncher::no;
  if (text == "auto") return UseLauncher::yes;
  throw UsageError(tutti::text("--launcher ", printable(text), ": give auto or none"), {"--launcher", {}});
}

Machine this_machine() {
  const memory::CoreSet cores = memory::usable_core_set();
  const bool allocation = environment_text("SLURM_JOB_ID") || environment_text("PBS_NODEFILE") ||
                          environment_text("LSB_JOBID") || environment_text("PE_HOSTFILE");
  return {std::min(memory::physical_cores(cores), memory::usable_cores(cores, memory::core_quota())),
          ::geteuid() == 0, allocation};
}

LaunchPlan plan_with(LauncherKind kind, const std::string& mpiexec, const LaunchRequest& request,
                     const Machine& machine) {
  LaunchPlan plan{kind, {mpiexec, "-n", text(request.ranks)}, request.environment};
  const auto add = [&](const auto&... words) { (plan.command.emplace_back(words), ...); };
  if (kind == LauncherKind::openmpi) {
    if (request.ranks > machine.cores && !machine.allocation && !places_ranks(request.launcher_options))
      add("--oversubscribe", "--bind-to", "none");
    for (const std::string& name : exported_names(request)) add("-x", name);
    if (machine.root)
      for (const char* name : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"})
        plan.environment.push_back({name, "1"});
  }
  plan.command.insert(plan.command.end(), request.launcher_options.begin(), request.launcher_options.end());
  const std::vector<std::string> started = what_ranks_start(request);
  plan.command.insert(plan.command.end(), started.begin(), started.end());
  return plan;
}

LaunchPlan plan_launch(const LaunchRequest& request) {
  check_request(request);
  if (request.use_launcher == UseLauncher::no || environment_text("TUTTI_LAUNCHER") == "none") {
    if (request.ranks > 1)
      throw UsageError(
          text("-n ", request.ranks, " without a launcher (--launcher none, TUTTI_LAUNCHER): give -n 1"),
          {"-n", {}});
    return {LauncherKind::unknown, what_ranks_start(request), request.environment};
  }
  const Launcher launcher = launcher_for(request);
  return plan_with(launcher.kind, launcher.path, request, this_machine());
}

}  // namespace tutti::launch

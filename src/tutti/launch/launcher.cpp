#include "tutti/launch/launcher.hpp"

#include <algorithm>
#include <charconv>

#include <climits>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/build_info.hpp"

namespace tutti::launch {

namespace {

// These variables are other programs': what does not parse is as good as unset, not an error.
std::optional<int> number(const char* name, int minimum) {
  const auto value = environment_text(name);
  if (!value) return std::nullopt;
  int result = 0;
  const auto end = std::from_chars(value->data(), value->data() + value->size(), result);
  if (end.ec != std::errc{} || end.ptr != value->data() + value->size() || result < minimum)
    return std::nullopt;
  return result;
}

std::optional<LauncherInfo> ranks_of(LauncherKind kind, const char* size, const char* rank) {
  const auto ranks = number(size, 1);
  const auto own = number(rank, 0);
  if (!ranks || !own || *own >= *ranks) return std::nullopt;
  return LauncherInfo{kind, *ranks, *own};
}

// The launcher that the program should have been started with.
std::vector<std::string> right_launcher(LauncherKind started_by, std::string_view mpi, int ranks) {
  const std::string count = ranks > 0 ? text(ranks) : "P";
  if (started_by == LauncherKind::slurm)
    return {"srun", mpi == "openmpi" ? "--mpi=pmix" : "--mpi=pmi2", "-n", count};
  const std::string launcher = mpi == built_mpi   ? std::string(built_mpiexec)
                               : mpi == "openmpi" ? "mpirun.openmpi"
                                                  : /* mpich */ "mpiexec.mpich";
  return {launcher, "-n", count};
}

}  // namespace

const char* name(LauncherKind kind) {
  switch (kind) {
    case LauncherKind::openmpi:
      return "Open MPI";
    case LauncherKind::mpich:
      return "MPICH";
    case LauncherKind::slurm:
      return "Slurm";
    case LauncherKind::unknown:
      break;
  }
  return "an unknown launcher";
}

LauncherKind kind_of(std::string_view mpi) {
  if (mpi == "openmpi") return LauncherKind::openmpi;
  if (mpi == "mpich") return LauncherKind::mpich;
  return LauncherKind::unknown;
}

std::optional<LauncherInfo> detect_launcher() {
  // Innermost first: inside a Slurm step, mpirun and Hydra start their helpers by srun, whose variables the
  // ranks then also see.
  if (const auto info = ranks_of(LauncherKind::openmpi, "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"))
    return info;
  const auto slurm = environment_text("SLURM_STEP_ID")
                         ? ranks_of(LauncherKind::slurm, "SLURM_STEP_NUM_TASKS", "SLURM_PROCID")
                         : std::nullopt;
  if (auto info = ranks_of(LauncherKind::mpich, "PMI_SIZE", "PMI_RANK")) {
    const bool by_srun = slurm && slurm->ranks == info->ranks && slurm->rank == info->rank;
    if (by_srun && !environment_text("HYDI_CONTROL_FD")) info->kind = LauncherKind::slurm;
    return info;
  }
  if (slurm) return slurm;
  if (const auto rank = number("PMIX_RANK", 0)) return LauncherInfo{LauncherKind::unknown, 0, *rank};
  return std::nullopt;
}

void check_launcher(int mpi_size, std::string_view mpi, const std::vector<std::string>& arguments) {
  if (mpi_size != 1 || environment_text("TUTTI_LAUNCHER") == "none") return;
  const auto launcher = detect_launcher();
  if (!launcher) return;
  const bool several = launcher->ranks > 1 || (launcher->ranks == 0 && launcher->rank > 0);
  if (!several) return;
  std::vector<std::string> right = right_launcher(launcher->kind, mpi, launcher->ranks);
  right.insert(right.end(), arguments.begin(), arguments.end());
  const std::string command = shell_line(right);
  const std::string copies = launcher->ranks > 0 ? text(launcher->ranks) : std::string("several");
  throw LauncherError(
      text("launcher of ", name(launcher->kind), ": it started ", copies, " copies, but this program's ",
           name(kind_of(mpi)), " sees one process in each: they would all do the same work; use: ", command),
      {command, {launcher->ranks, mpi_size}});
}

std::string shell_line(const std::vector<std::string>& words) {
  constexpr std::string_view plain =
      "%+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char character : word)
      line += character == '\'' ? std::string("'\\''") : std::string(1, character);
    line += '\'';
  }
  return line;
}

}  // namespace tutti::launch

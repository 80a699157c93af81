// Which launcher started this process, and whether it is the one that the program's MPI understands.
//
// A program built for one MPI, started by another's launcher, runs as N programs of one rank each: every one
// of them does all the work, all write the same files, and the exit code is 0. The launchers' environment
// gives it away.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::launch {

/// A launcher, or the family of MPI libraries that it serves.
enum class LauncherKind : unsigned char {
  unknown,
  openmpi,  ///< mpirun of Open MPI
  mpich,    ///< Hydra: mpiexec of MPICH and its descendants
  slurm,    ///< srun, for either
};

/// "Open MPI", "MPICH", "Slurm", "an unknown launcher".
const char* name(LauncherKind kind);

/// "openmpi" and "mpich" as a kind; unknown for anything else.
LauncherKind kind_of(std::string_view mpi);

struct LauncherInfo {
  LauncherKind kind = LauncherKind::unknown;
  int ranks = 0;  ///< processes that it started; 0: it does not tell
  int rank = 0;   ///< which of them this is
};

/// What the environment says of a launcher; nothing if this process was started by hand. Only variables of a
/// *step* count: SLURM_NTASKS is also set in a batch script that runs alone.
std::optional<LauncherInfo> detect_launcher();

/// To be called by every process right after MPI was started.
/// @param mpi_size   size of MPI_COMM_WORLD
/// @param mpi        the MPI that the program is linked with: "openmpi" or "mpich"
/// @param arguments  the program's own command line, for the advice
/// @throws LauncherError if the launcher started several processes and MPI sees only one; its command() is
/// the line
///         that would be right. Each of the N copies throws: to print it once, ask detect_launcher() for the
///         rank. TUTTI_LAUNCHER=none turns the check off (for copies that are meant to be separate).
void check_launcher(int mpi_size, std::string_view mpi, const std::vector<std::string>& arguments);

/// `words` as one line that a POSIX shell reads back as the same words.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace tutti::launch

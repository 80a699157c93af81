// `tutti verify`: one program on several numbers of ranks and under several MPIs, and whether its results are
// the same.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tutti/launch/launcher.hpp"
#include "tutti/verify/file_comparison.hpp"
#include "tutti/verify/trace.hpp"

namespace tutti::verify {

/// One run of the program.
struct Run {
  launch::LauncherKind mpi = launch::LauncherKind::unknown;  ///< whose launcher starts it, once that is known
  int ranks = 1;
  int repetition = 0;  ///< from 1; 0: each number of ranks runs once

  /// "3 ranks (openmpi)", "3 ranks (openmpi), run 2".
  std::string name() const;
};

/// "openmpi", "mpich", "slurm"; "another MPI" for unknown.
const char* short_name(launch::LauncherKind mpi);

/// What stands for "openmpi" and "mpich" in the words of a program.
inline constexpr std::string_view mpi_placeholder = "{mpi}";

struct Request {
  std::vector<std::string> program;  ///< and its arguments
  std::vector<int> ranks;            ///< one run, or `repeat` runs, on each
  std::vector<launch::LauncherKind>
      mpis;                            ///< openmpi, mpich; empty: both where {mpi} occurs, else the program's
  std::optional<std::string> mpiexec;  ///< this launcher and no other
  int repeat = 1;
  std::optional<double> timeout;      ///< s that a run may take
  bool output = true;                 ///< compare what it prints
  bool traces = true;                 ///< compare the reductions of a program that is linked with tutti
  std::vector<std::string> files;     ///< that each run writes; {mpi} is replaced here, too
  Rules rules;                        ///< `match` counts for what it prints, the rest for files, too
  std::vector<Pattern> ignore_calls;  ///< of reductions: as TraceRules::ignore
  ElementsOf elements_of;             ///< knows .npy files
  std::function<void(const Run&)> progress;  ///< called before each run
};

/// A run that did not end well.
struct Failure {
  Run run;
  std::string reason;      ///< "the program ended with exit code 3"
  int exit_code = 0;       ///< of the program; 128 + n for a signal
  bool timed_out = false;  ///< it took longer than it may, and was ended
  std::string last_words;  ///< the end of its stderr; of its stdout, if that is empty
};

/// Two runs that are not the same: the first run, and the first of the others that differs from it.
struct Difference {
  Run a, b;
  std::string what;                          ///< "output" or a file; empty: only the reductions differ
  std::optional<FileDifference> found;       ///< the first difference there
  std::optional<TraceDifference> reduction;  ///< the first reduction that differs: where it began
  std::optional<KindDifference> trace;       ///< only one of the runs wrote a trace
  bool copies = false;  ///< the output has as many times more lines as ranks: each of them speaks for itself
};

/// What was compared, by the first run.
struct Compared {
  std::optional<TextCount> output;  ///< nothing if it was not to be compared
  struct File {
    std::string path;
    FileCount count;
  };
  std::vector<File> files;
  std::optional<Index> reductions;  ///< nothing if there are no traces: the program is not linked with tutti
};

struct Verdict {
  std::vector<Run> runs;  ///< those that were made, in order
  Compared compared;
  std::optional<Failure> failure;
  std::optional<Difference> difference;

  bool same() const { return !failure && !difference; }
};

/// Makes the runs in the current folder, MPI by MPI and count by count, each compared with the first; ends at
/// the first that fails or differs. Their stdin is empty. What they write is kept in a private folder and
/// removed.
/// @throws UsageError for a request that compares nothing, or of which a rank count is not at least 1;
///         FormatError if the first run left nothing that could differ; OutputError if a file is there before
///         it is written; FileError if the first run did not write one, or there is no such program;
///         LauncherError; IoError if outputs cannot be kept; InterruptedError after SIGINT, SIGTERM or
///         SIGHUP, when the program has ended.
Verdict verify(const Request& request);

}  // namespace tutti::verify

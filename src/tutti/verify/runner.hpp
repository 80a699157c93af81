// One run of the program: started, kept, and its files taken away.
#pragma once

#include "tutti/launch/front_end.hpp"
#include "tutti/verify/scratch.hpp"
#include "tutti/verify/verify.hpp"

namespace tutti::verify {

/// What a run left, in the scratch folder.
struct Kept {
  Run run;
  std::string prefix;              ///< of the names of what was kept
  std::vector<std::string> files;  ///< as the program calls them
  std::vector<bool> written;       ///< which of them it wrote
  bool traced = false;

  Text output(const Scratch& scratch) const;
  Text file(const Scratch& scratch, std::size_t i) const;
  Trace trace(const Scratch& scratch) const;
};

class Runner {
 public:
  Runner(const Request& request, const Scratch& scratch) : request_(request), scratch_(scratch) {}

  /// @param run     its mpi is set to that of the launcher, if it was unknown
  /// @param prefix  for the names in the scratch folder; what it names there is replaced
  launch::Outcome run(Run& run, const std::string& prefix, Kept& kept) const;

  /// The end of what the run wrote to stderr, else to stdout: at most 20 lines.
  std::string last_words(const Kept& kept) const;

  /// @throws what starting the program under that MPI would, as far as it is known before.
  void check(launch::LauncherKind mpi) const;

 private:
  launch::LaunchRequest launch_request(const Run& run) const;

  const Request& request_;
  const Scratch& scratch_;
};

/// Whether {mpi} occurs in one of the words.
bool names_mpi(const std::vector<std::string>& words);

}  // namespace tutti::verify

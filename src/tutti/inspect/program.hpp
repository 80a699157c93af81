// The program that is looked into: started, left alone, and imitated in its end.
#pragma once

#include <csignal>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "tutti/inspect/group_witness.hpp"

namespace tutti::inspect {

/// A child of this process that gets everything as this process got it: descriptors, environment, process
/// group, signal mask. This process keeps its copies of the descriptors, but for standard input and output,
/// until it ends: a launcher that sees one closed (PMI's socket) and the process alive a moment later would
/// take it for a failure.
///
/// If this process is killed, so is the program.
class Program {
 public:
  /// Starts it. From then on, signals to this process wait for await_end(). Standard input and output of this
  /// process are /dev/null afterwards.
  /// @throws FileError if it cannot be executed; SystemError if there can be no process.
  explicit Program(const std::vector<std::string>& command);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  pid_t pid() const { return pid_; }

  /// Returns when it has ended, and passes on the signals that this process gets until then, but for those
  /// that it has sent itself. Its number stays taken.
  void await_end() const;

  /// After await_end(): its status, as of waitpid(2). Its number is free now.
  int status();

 private:
  void start(const std::vector<std::string>& command);
  void pass_on(int signal) const;

  pid_t pid_ = -1;
  int status_ = 0;
  int signals_ = -1;
  std::optional<GroupWitness> witness_;
  sigset_t mask_before_{};
  struct sigaction child_before_ {};
};

/// Ends this process by the signal that ended the program, without a core file of its own; so its parent sees
/// what it would have seen of the program. @return the exit code, if no signal ended it.
int end_like(int status);

}  // namespace tutti::inspect

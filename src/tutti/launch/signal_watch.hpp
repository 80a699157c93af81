// Signals to this process as something to wait for with poll(2).
#pragma once

#include <csignal>

namespace tutti::launch {

/// While it lives, SIGINT, SIGTERM, SIGHUP and SIGCHLD do nothing by themselves but are read from a
/// descriptor, and writing to a closed pipe is EPIPE instead of SIGPIPE. What was ignored before stays
/// ignored (nohup), except SIGCHLD. Everything is as before at the end of the scope.
class SignalWatch {
 public:
  /// @throws SystemError if the system has no descriptor left.
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  /// Readable when a signal has come.
  int descriptor() const { return descriptor_; }

  /// The next signal that has come; 0: none.
  int next() const;

 private:
  void restore() const;

  int descriptor_ = -1;
  sigset_t mask_before_{};
  struct sigaction child_before_ {};
  struct sigaction pipe_before_ {};
};

}  // namespace tutti::launch

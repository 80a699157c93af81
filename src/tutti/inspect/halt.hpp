// Stopping processes for a moment, so that they notice as little as can be.
#pragma once

#include <chrono>
#include <future>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace tutti::inspect {

/// While it lives, all threads of some processes stand still.
///
/// By ptrace (PTRACE_SEIZE, PTRACE_INTERRUPT) and not by SIGSTOP: no parent is told of it (a shell or a
/// launcher that waits for its children sees stopped ones), a process that somebody else has stopped stays so
/// afterwards, and if we are killed the kernel lets the processes go on, where SIGSTOP would leave them
/// stopped for ever.
class Halt {
 public:
  /// Asks every thread to stop and waits until all have, at most for `patience`: a thread that waits for a
  /// disk may take longer.
  /// @throws std::system_error if there can be no thread for it.
  Halt(std::vector<pid_t> processes, std::chrono::milliseconds patience);
  Halt(const Halt&) = delete;
  Halt& operator=(const Halt&) = delete;
  ~Halt();

  /// Whether all stand still.
  bool complete() const { return error_ == 0; }
  /// errno otherwise: EPERM, ENOMEM, or ETIME if a thread did not stop in time. What had stopped goes on.
  int error() const { return error_; }

 private:
  std::promise<void> over_;
  // The tracer. It ends with the halt: the kernel then lets go also of threads that have not stopped yet,
  // from which nothing else can detach.
  std::thread tracer_;
  int error_ = 0;
};

}  // namespace tutti::inspect

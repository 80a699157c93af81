// SIGTERM and SIGINT as a request to end, on which all ranks agree in their next collective.
#pragma once

#include <array>
#include <atomic>
#include <exception>

namespace tutti::comm {

namespace interruption {

/// The signal that asks this process to end and that the other ranks do not know of yet; 0: none. (A signal
/// handler reaches nothing but globals.)
extern std::atomic<int> requested;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// The request as an error; it is no longer pending.
std::exception_ptr take();

/// All ranks have heard of an interruption: a signal that reaches this one late is the same.
void heard();
bool was_heard();

}  // namespace interruption

/// While it lives, the first SIGTERM or SIGINT makes the next collective throw InterruptedError on all ranks,
/// and a second one ends the process at once. Launchers and terminals may both pass on the same one: what
/// follows within half a second does not count. A file that grows beyond the limit of its size (ulimit -f) is
/// an error of the write, not the end of the process by SIGXFSZ. Signals that the program handles or ignores
/// stay its own.
class Interruptible {
 public:
  Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;
  ~Interruptible();

 private:
  std::array<bool, 2> installed_{};  ///< for SIGTERM, SIGINT
  bool size_limit_ = false;          ///< for SIGXFSZ
};

}  // namespace tutti::comm

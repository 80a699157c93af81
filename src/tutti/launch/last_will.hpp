// What happens to a launcher when we are killed (SIGKILL, a crash) and cannot end it ourselves.
#pragma once

#include <sys/types.h>

namespace tutti::launch {

/// A small process beside us that does nothing as long as we live. If we end without revoke(), it asks the
/// launcher to end (SIGTERM: only then does Open MPI's mpirun remove its files and shared memory), and after
/// the grace kills what is left of it and of all that it started on this node. A signal that the kernel sends
/// at our death would reach the launcher only, and one signal cannot be both polite and final.
class LastWill {
 public:
  /// Made before the launcher, so that there is no moment in which we could die without a will.
  /// @throws SystemError if the process or its pipe cannot be made.
  explicit LastWill(double grace_seconds);
  LastWill(const LastWill&) = delete;
  LastWill& operator=(const LastWill&) = delete;
  ~LastWill() { revoke(); }

  /// Where the launcher writes its number (pid_t) before it does anything: for start().
  int announcement() const { return end_of_life_; }

  /// The launcher has ended, or is being ended: nothing is left to do.
  void revoke();

 private:
  int end_of_life_ = -1;  // this end of a pipe closes when we end, however that happens
  pid_t executor_ = -1;
};

}  // namespace tutti::launch

// Whether a signal came to this process alone, or to its whole process group.
#pragma once

#include <csignal>
#include <sys/types.h>

namespace tutti::inspect {

/// A process in our process group that does nothing but tell which signals it gets.
///
/// The program that we stand for is in the same group: a signal to the group has reached it already, and must
/// not be passed on once more (the second SIGINT or SIGTERM means "at once" to many programs). A signal to us
/// alone must be. The kernel does not tell which of them it was.
class GroupWitness {
 public:
  /// @param watched  the signals it looks out for; blocked here already. Where there can be no witness, every
  ///                 signal seems to have come to us alone
  explicit GroupWitness(const sigset_t& watched);
  GroupWitness(const GroupWitness&) = delete;
  GroupWitness& operator=(const GroupWitness&) = delete;
  ~GroupWitness();

  /// Whether a signal that has just come here came to the group. Takes up to 0.1 s if not.
  bool saw(int signal) const;

 private:
  pid_t pid_ = -1;
  int notes_ = -1;  // it writes the number of each signal
};

}  // namespace tutti::inspect

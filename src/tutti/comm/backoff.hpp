// What a rank does between two looks at whether its message has come.
#pragma once

#include <ctime>
#include <sched.h>

namespace tutti::comm {

/// Where every rank has a core: tells it that this one waits, so that it takes less of what it shares.
inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Where ranks share cores; one for each wait. Gives the core away, at first for as short as the system can,
/// then for 50 us at a time: a rank that waits for long leaves its core to those that it waits for.
class Backoff {
 public:
  void wait() {
    if (looks_ < short_looks) {
      ++looks_;
      sched_yield();
      return;
    }
    const timespec pause{0, 50'000};
    nanosleep(&pause, nullptr);
  }

 private:
  static constexpr int short_looks = 200;
  int looks_ = 0;
};

}  // namespace tutti::comm

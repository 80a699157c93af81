// Whether memory is protected from writing, found out by writing.
#pragma once

#include <csetjmp>
#include <csignal>

namespace tutti {

/// @return whether a write there is a segmentation fault (the value stays what it is in any case)
template <class T>
bool write_faults(const T* place) {
  static sigjmp_buf before;
  struct sigaction jump {
  }, old{};
  jump.sa_handler = [](int) { ::siglongjmp(before, 1); };
  ::sigaction(SIGSEGV, &jump, &old);
  bool faults = true;
  if (sigsetjmp(before, 1) == 0) {
    auto* const target = const_cast<volatile T*>(place);
    *target = *target;
    faults = false;
  }
  ::sigaction(SIGSEGV, &old, nullptr);
  return faults;
}

}  // namespace tutti

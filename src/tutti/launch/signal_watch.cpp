#include "tutti/launch/signal_watch.hpp"

#include <cerrno>
#include <sys/signalfd.h>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::launch {

SignalWatch::SignalWatch() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&watched, number);
  struct sigaction action {};
  action.sa_handler = SIG_DFL;  // an inherited SIG_IGN would reap our child behind our back
  ::sigaction(SIGCHLD, &action, &child_before_);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, &pipe_before_);
  ::sigprocmask(SIG_BLOCK, &watched, &mask_before_);
  descriptor_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ >= 0) return;
  const int error = errno;
  restore();
  throw SystemError(text("signalfd: ", errno_text(error)), {"signalfd", {error, 0}});
}

SignalWatch::~SignalWatch() {
  while (next() != 0) {  // what came too late to be passed on must not hit us when it is unblocked
  }
  ::close(descriptor_);
  restore();
}

int SignalWatch::next() const {
  signalfd_siginfo info{};
  const bool got = ::read(descriptor_, &info, sizeof info) == static_cast<ssize_t>(sizeof info);
  return got ? static_cast<int>(info.ssi_signo) : 0;
}

void SignalWatch::restore() const {
  ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
  ::sigaction(SIGCHLD, &child_before_, nullptr);
}

}  // namespace tutti::launch

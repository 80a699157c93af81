// Processes that tests start, watch, and always end.
#pragma once

#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace tutti::memory {

/// A forked process that runs `f` and exits with what f returns; ended and reaped at the end of its scope.
class Child {
 public:
  template <class Function>
  explicit Child(Function f) : pid_(::fork()) {
    if (pid_ == 0) ::_exit(f());
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }

  pid_t pid() const { return pid_; }
  void signal(int number) const { ::kill(pid_, number); }

  /// Waits for a change of state without consuming it: the process stays a zombie, or stopped.
  void until(int change) const {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, change | WNOWAIT);
  }

  /// Reaps it. @return its exit code, or 128 + the signal that ended it.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

/// One-way telephone between parent and child: bytes that arrive in order.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_) != 0) ::abort();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  template <class T>
  void send(const T& value) {
    if (::write(ends_[1], &value, sizeof value) != static_cast<ssize_t>(sizeof value)) ::_exit(99);
  }
  template <class T>
  T receive() {
    T value{};
    if (::read(ends_[0], &value, sizeof value) != static_cast<ssize_t>(sizeof value)) ::_exit(98);
    return value;
  }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace tutti::memory

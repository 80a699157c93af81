#include "tutti/inspect/program.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/inspect/descriptors.hpp"

namespace tutti::inspect {

namespace {

constexpr std::array passed_on{SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGUSR1, SIGUSR2,
                               SIGALRM, SIGXCPU, SIGPIPE, SIGVTALRM, SIGPROF, SIGWINCH};

// In the child, between fork and exec: only what may be called there (signal-safety(7)).
[[noreturn]] void become(char* const* command, pid_t parent, const sigset_t& mask,
                         const struct sigaction& child_action, int report) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it ended before we asked to be told
  ::sigaction(SIGCHLD, &child_action, nullptr);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  ::execvp(command[0], command);
  const int reason = errno;
  if (::write(report, &reason, sizeof reason) < 0) ::_exit(126);
  ::_exit(127);
}

// Waits for exec, which closes the pipe. @return 0, or the errno of its failure.
int exec_failure(int report) {
  int reason = 0;
  ssize_t count = 0;
  do count = ::read(report, &reason, sizeof reason);
  while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof reason) ? reason : 0;
}

sigset_t set_of_passed_on() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : passed_on) sigaddset(&signals, number);
  return signals;
}

bool has_ended(pid_t pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno != EINTR;
  // A child that is being traced is also reported when it stops.
  return info.si_pid != 0 &&
         (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
}

}  // namespace

Program::Program(const std::vector<std::string>& command) {
  const sigset_t signals = set_of_passed_on();
  sigset_t watched = signals;
  sigaddset(&watched, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &watched, &mask_before_);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;  // an inherited SIG_IGN would reap the program behind our back
  ::sigaction(SIGCHLD, &standard, &child_before_);
  start(command);
  silence(STDIN_FILENO);
  silence(STDOUT_FILENO);
  witness_.emplace(signals);
  signals_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
}

void Program::start(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str()));  // NOLINT: exec's type
  words.push_back(nullptr);
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0)
    throw SystemError(text("pipe: ", errno_text(errno)), {"pipe", {errno, 0}});
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(words.data(), parent, mask_before_, child_before_, report[1]);
  const int fork_error = errno;
  ::close(report[1]);
  const int reason = pid_ < 0 ? 0 : exec_failure(report[0]);
  ::close(report[0]);
  if (pid_ < 0)
    throw SystemError(text(command[0], ": fork: ", errno_text(fork_error)), {command[0], {fork_error, 0}});
  if (reason == 0) return;
  ::waitpid(pid_, nullptr, 0);
  throw FileError(text(printable(command[0]), ": cannot be executed: ", errno_text(reason)),
                  {command[0], {reason, 0}});
}

Program::~Program() {
  if (signals_ >= 0) ::close(signals_);
}

void Program::await_end() const {
  while (!has_ended(pid_)) {
    pollfd ready{signals_, POLLIN, 0};
    // Without a descriptor for signals (signalfd failed) look now and then.
    if (::poll(&ready, 1, signals_ < 0 ? 50 : 1000) <= 0) continue;
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info))
      if (static_cast<pid_t>(info.ssi_pid) != ::getpid())  // not SIGPIPE of a text of ours that nobody reads
        pass_on(static_cast<int>(info.ssi_signo));
  }
}

void Program::pass_on(int signal) const {
  if (signal != SIGCHLD && !witness_->saw(signal)) ::kill(pid_, signal);
}

int Program::status() {
  if (pid_ > 0) {
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }
  return status_;
}

int end_like(int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  const int signal = WTERMSIG(status);
  const rlimit nothing{0, 0};
  ::setrlimit(RLIMIT_CORE, &nothing);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(signal, &standard, nullptr);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
  return 128 + signal;
}

}  // namespace tutti::inspect

#include "tutti/launch/last_will.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/child_process.hpp"
#include "tutti/memory/process_state.hpp"

namespace tutti::launch {

namespace {

using memory::ProcessIdentity;

bool lives(const ProcessIdentity& process) {
  return memory::status_of(process).state != memory::ProcessState::dead;
}

void execute(const std::vector<ProcessIdentity>& family, double grace_seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() +
                   std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(grace_seconds));
  ::kill(static_cast<pid_t>(family.front().pid), SIGTERM);
  const auto any_lives = [&] {
    for (const ProcessIdentity& process : family)
      if (lives(process)) return true;
    return false;
  };
  while (Clock::now() < end && any_lives()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  for (const ProcessIdentity& process : family) {
    if (!lives(process)) continue;
    kill_descendants(static_cast<pid_t>(process.pid));
    ::kill(static_cast<pid_t>(process.pid), SIGKILL);
  }
}

// What we hear in a pipe: as many bytes as came at once, 0 if its writers are gone.
template <class T>
ssize_t hear(int pipe, T& value) {
  ssize_t count = 0;
  do count = ::read(pipe, &value, sizeof value);
  while (count < 0 && errno == EINTR);
  return count;
}

// The whole life of the process beside us.
[[noreturn]] void wait_and_execute(int end_of_life, double grace_seconds) {
  ::setsid();  // what is sent to our group or terminal is not for it
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
  ::prctl(PR_SET_NAME, "tutti-will");
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    ::close(stream);  // a reader must see our end
  pid_t pid = -1;
  if (hear(end_of_life, pid) != static_cast<ssize_t>(sizeof pid))
    ::_exit(0);  // revoked before there was a launcher
  const ProcessIdentity launcher = memory::identity_of(pid);
  char revoked = 0;
  if (hear(end_of_life, revoked) == 0 && lives(launcher)) {
    std::vector<ProcessIdentity> family{launcher};
    for (const ProcessIdentity& process : descendants(pid)) family.push_back(process);
    execute(family, grace_seconds);
  }
  ::_exit(0);
}

}  // namespace

LastWill::LastWill(double grace_seconds) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw SystemError(text("pipe: ", errno_text(errno)), {"pipe", {errno, 0}});
  executor_ = ::fork();
  const int error = errno;
  if (executor_ == 0) {
    ::close(ends[1]);
    wait_and_execute(ends[0], grace_seconds);
  }
  ::close(ends[0]);
  end_of_life_ = ends[1];
  if (executor_ > 0) return;
  ::close(std::exchange(end_of_life_, -1));
  throw SystemError(text("fork: ", errno_text(error)), {"fork", {error, 0}});
}

void LastWill::revoke() {
  if (executor_ < 0) return;
  const bool told = ::write(end_of_life_, "r", 1) == 1;
  if (!told) ::kill(executor_, SIGKILL);
  ::close(std::exchange(end_of_life_, -1));
  while (::waitpid(executor_, nullptr, 0) < 0 && errno == EINTR) {
  }
  executor_ = -1;
}

}  // namespace tutti::launch

#include "tutti/inspect/group_witness.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tutti/inspect/descriptors.hpp"

namespace tutti::inspect {

namespace {

constexpr std::chrono::milliseconds patience{100};

[[noreturn]] void watch(const sigset_t& watched, pid_t parent, int notes) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  close_all_but({notes});
  for (;;) {
    const int signal = ::sigwaitinfo(&watched, nullptr);
    if (signal > 0 && ::write(notes, &signal, sizeof signal) < 0) ::_exit(0);
  }
}

}  // namespace

GroupWitness::GroupWitness(const sigset_t& watched) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) watch(watched, parent, ends[1]);
  ::close(ends[1]);
  notes_ = ends[0];
}

GroupWitness::~GroupWitness() {
  if (notes_ >= 0) ::close(notes_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool GroupWitness::saw(int signal) const {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + patience;
  for (auto left = patience; left.count() > 0;
       left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now())) {
    pollfd ready{notes_, POLLIN, 0};
    if (notes_ < 0 || ::poll(&ready, 1, static_cast<int>(left.count())) < 0) return false;
    int seen = 0;
    while (::read(notes_, &seen, sizeof seen) == static_cast<ssize_t>(sizeof seen))
      if (seen == signal) return true;
    if ((ready.revents & POLLHUP) != 0) return false;
  }
  return false;
}

}  // namespace tutti::inspect

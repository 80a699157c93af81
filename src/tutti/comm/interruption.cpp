#include "tutti/comm/interruption.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::comm {

namespace {

constexpr std::array<int, 2> signals{SIGTERM, SIGINT};  // as installed_ has them
constexpr std::int64_t same_request = 500'000'000;      // ns

std::int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);  // safe in a signal handler
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<std::int64_t> first_at{0};  // when this process had its first signal; 0: never
std::atomic<bool> known{false};         // the ranks have agreed on an interruption
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void on_signal(int signal) {
  const std::int64_t first = first_at.load();
  if (first == 0) {
    first_at.store(now());
    if (!known.load()) interruption::requested.store(signal);
    return;
  }
  if (now() - first < same_request) return;
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // delivered when this handler returns
}

bool has_no_handler(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

}  // namespace

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<int> interruption::requested{0};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free,
              "a signal handler may not wait for a lock");

std::exception_ptr interruption::take() {
  const int signal = requested.exchange(0);
  return std::make_exception_ptr(
      InterruptedError(text("asked to end by signal ", signal, " (", ::strsignal(signal),
                            "): a time limit, the launcher, or a user; all ranks end in order"),
                       {{}, {signal, 0}}));
}

void interruption::heard() {
  known.store(true);
  requested.store(0);
}

bool interruption::was_heard() { return known.load(); }

Interruptible::Interruptible() {
  struct sigaction action {
  }, before{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < signals.size(); ++i)
    installed_[i] = ::sigaction(signals[i], nullptr, &before) == 0 && has_no_handler(before) &&
                    ::sigaction(signals[i], &action, nullptr) == 0;
  size_limit_ = ::sigaction(SIGXFSZ, nullptr, &before) == 0 && has_no_handler(before) &&
                ::signal(SIGXFSZ, SIG_IGN) != SIG_ERR;
  if (!installed_[0] && !installed_[1]) return;  // or an outer run() has done so
  first_at.store(0);
  known.store(false);
}

// What came too late to be agreed on is over with the World; a program that goes on ends as any other does.
Interruptible::~Interruptible() {
  struct sigaction now_set {};
  for (std::size_t i = 0; i < signals.size(); ++i)
    if (installed_[i] && ::sigaction(signals[i], nullptr, &now_set) == 0 && now_set.sa_handler == on_signal)
      ::signal(signals[i], SIG_DFL);
  if (size_limit_) ::signal(SIGXFSZ, SIG_DFL);
  if (installed_[0] || installed_[1]) interruption::requested.store(0);
}

}  // namespace tutti::comm

#include "tutti/inspect/halt.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <set>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <utility>

#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/process_state.hpp"

namespace tutti::inspect {

namespace {

using Clock = std::chrono::steady_clock;

// What the thread reports, without taking the report away: our own child's end is for whoever waits for it.
// si_pid is 0 if there is nothing to report.
siginfo_t report_of(pid_t thread) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(thread), &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0)
    info.si_code = CLD_EXITED;  // not ours any more
  return info;
}

bool ended(const siginfo_t& info) {
  return info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
}

// Also of a process's first thread that has ended before the others: its end is reported only with theirs.
bool gone(pid_t thread) {
  const auto line = memory::read_text(text("/proc/", thread, "/stat"));
  if (!line) return errno == ENOENT || errno == ESRCH;
  const auto stat = memory::parse_process_stat(*line);
  return stat && (stat->state == 'Z' || stat->state == 'X');
}

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Detaches from what stands still; the end of this thread does the rest. No event in the upper byte: it
  // stopped just before it got a signal, which it must get now.
  ~Tracer() {
    for (const pid_t thread : threads_) {
      const siginfo_t info = report_of(thread);
      const bool withheld = info.si_pid != 0 && !ended(info) && info.si_status >> 8 == 0;
      ::ptrace(PTRACE_DETACH, thread, nullptr, static_cast<std::uintptr_t>(withheld ? info.si_status : 0));
    }
  }

  // @return 0, or errno.
  int stop(const std::vector<pid_t>& processes, Clock::time_point end) try {
    for (;;) {  // threads may start others as long as one of them runs
      const std::size_t before = threads_.size();
      for (const pid_t process : processes)
        if (const int error = seize(process); error != 0) return error;
      if (threads_.size() == before) return 0;
      if (const int error = await(end); error != 0) return error;
    }
  } catch (const std::exception&) {
    return ENOMEM;
  }

 private:
  int seize(pid_t process) {
    std::error_code error;
    for (auto task = std::filesystem::directory_iterator(text("/proc/", process, "/task"), error);
         !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
      const auto number = memory::natural_number(task->path().filename().string());
      const auto thread = static_cast<pid_t>(number.value_or(0));
      if (thread == 0 || threads_.contains(thread)) continue;
      if (const int reason = seize_one(thread); reason != 0) return reason;
    }
    const bool over = error == std::errc::no_such_file_or_directory || error == std::errc::no_such_process;
    return over ? 0 : error.value();
  }

  // @return 0, also if it has ended, or errno.
  int seize_one(pid_t thread) {
    for (int attempt = 1;; ++attempt) {
      if (::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) == 0) {
        threads_.insert(thread);
        ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
        return 0;
      }
      const int reason = errno;
      if (reason == ESRCH || gone(thread)) return 0;  // EPERM for one that has ended and is not reaped
      if (reason != EPERM || attempt == 2) return reason;
      // The tracer of the halt before may be joined and not wholly ended yet.
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  int await(Clock::time_point end) {
    for (const pid_t thread : threads_) {
      siginfo_t info = report_of(thread);
      while (info.si_pid == 0 && !ended(info) && !gone(thread)) {
        if (Clock::now() >= end) return ETIME;
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        info = report_of(thread);
      }
    }
    return 0;
  }

  std::set<pid_t> threads_;
};

}  // namespace

Halt::Halt(std::vector<pid_t> processes, std::chrono::milliseconds patience) {
  std::promise<int> stopped;
  std::future<int> result = stopped.get_future();
  tracer_ = std::thread([processes = std::move(processes), patience, stopped = std::move(stopped),
                         over = over_.get_future()]() mutable {
    Tracer tracer;
    stopped.set_value(tracer.stop(processes, Clock::now() + patience));
    over.wait();
  });
  error_ = result.get();
  if (error_ == 0) return;
  over_.set_value();
  tracer_.join();
}

Halt::~Halt() {
  if (!tracer_.joinable()) return;
  over_.set_value();
  tracer_.join();
}

}  // namespace tutti::inspect

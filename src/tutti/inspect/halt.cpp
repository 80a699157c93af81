#include "tutti/inspect/halt.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
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

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Detaches from what stands still; the end of this thread does the rest.
  ~Tracer() {
    for (const auto& [thread, signal] : threads_)
      ::ptrace(PTRACE_DETACH, thread, nullptr, static_cast<std::uintptr_t>(signal));
  }

  // @return 0, or errno.
  int stop(const std::vector<pid_t>& processes, Clock::time_point end) {
    for (;;) {  // threads may start others as long as one of them runs
      const std::size_t before = threads_.size();
      for (const pid_t process : processes)
        if (const int error = seize(process); error != 0) return error;
      if (threads_.size() == before) return 0;
      if (const int error = await(end); error != 0) return error;
    }
  }

 private:
  int seize(pid_t process) {
    std::error_code error;
    for (auto task = std::filesystem::directory_iterator(text("/proc/", process, "/task"), error);
         !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
      const auto number = memory::natural_number(task->path().filename().string());
      const auto thread = static_cast<pid_t>(number.value_or(0));
      if (thread == 0 || threads_.contains(thread)) continue;
      if (::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) == 0) {
        ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
        threads_.emplace(thread, 0);
        continue;
      }
      const int reason = errno;  // EPERM also for one that is just ending
      const auto state = memory::status_of(memory::identity_of(thread)).state;
      if (reason != ESRCH && state != memory::ProcessState::dead) return reason;
    }
    return 0;
  }

  int await(Clock::time_point end) {
    for (auto& [thread, signal] : threads_) {
      siginfo_t info = report_of(thread);
      while (info.si_pid == 0 && !ended(info)) {
        if (Clock::now() >= end) return ETIME;
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        info = report_of(thread);
      }
      // No event in the upper byte: it stopped just before it got a signal, which it must get when it goes
      // on.
      if (!ended(info) && info.si_status >> 8 == 0) signal = info.si_status;
    }
    return 0;
  }

  std::map<pid_t, int> threads_;  // and the signal that is withheld from each
};

}  // namespace

Halt::Halt(std::vector<pid_t> processes, std::chrono::milliseconds patience) {
  std::promise<int> stopped;
  std::future<int> result = stopped.get_future();
  tracer_ = std::thread([processes = std::move(processes), patience, &stopped, over = over_.get_future()]() {
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

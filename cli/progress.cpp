#include "cli/progress.hpp"

#include <chrono>
#include <cstdio>
#include <unistd.h>

#include "tutti/core/environment.hpp"
#include "tutti/launch/launcher.hpp"

namespace tutti::cli {

namespace {

using Clock = std::chrono::steady_clock;

class Progress {
 public:
  Progress(std::string what, bool terminal) : what_(std::move(what)), terminal_(terminal) {}

  void tell(double fraction) {
    const auto now = Clock::now();
    const int percent = static_cast<int>(fraction * 100);
    if (fraction >= 1) return clear();
    if (now - start_ < std::chrono::seconds(2)) return;
    if (terminal_) {
      if (now - told_ < std::chrono::milliseconds(200)) return;
      std::fprintf(stderr, "\r%s %3d %%", what_.c_str(), percent);
      shown_ = true;
    } else {
      if (percent / 10 <= told_percent_ / 10) return;
      std::fprintf(stderr, "%s %d %%\n", what_.c_str(), percent / 10 * 10);
    }
    std::fflush(stderr);
    told_ = now;
    told_percent_ = percent;
  }

 private:
  void clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
  }

  std::string what_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now(), told_ = start_;
  int told_percent_ = 0;
};

// A rank's own isatty is wrong under Open MPI, which gives every rank a terminal of its own.
bool sees_terminal() {
  if (const auto front_end = environment_text("TUTTI_PROGRESS")) return *front_end == "tty";
  return !launch::detect_launcher() && isatty(STDERR_FILENO) == 1;
}

}  // namespace

std::function<void(double)> progress_of(const Common& common, const std::string& what) {
  if (common.quiet) return {};
  return [progress = Progress(what, sees_terminal())](double fraction) mutable { progress.tell(fraction); };
}

}  // namespace tutti::cli

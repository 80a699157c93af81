#include "tutti/launch/relay.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/last_will.hpp"
#include "tutti/launch/relay_stream.hpp"
#include "tutti/launch/signal_watch.hpp"

namespace tutti::launch {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// After so long without a byte, what is held back passes, and the pipes of a launcher that has ended are
// empty (also if a process that it left behind keeps them open).
constexpr milliseconds quiet{100};

// A terminal and a shell, or timeout(1) and its group, may send the same signal twice.
constexpr milliseconds same_request{500};

class Relay {
 public:
  Relay(const RelayRequest& request, const SignalWatch& signals)
      : signals_(signals),
        will_(request.grace_seconds),
        child_(start(request.command, request.environment, request.input, will_.announcement())),
        grace_(std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(request.grace_seconds))),
        output_(child_.output, request.output),
        error_(child_.error, request.error),
        output_name_(request.output_name),
        rank_variable_(request.rank_variable) {
    if (request.limit_seconds)
      limit_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(*request.limit_seconds));
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay() {
    if (ended_) return;
    kill_all();
    ::waitpid(child_.pid, nullptr, 0);
  }

  RelayResult run() {
    while (!finished()) step();
    output_.finish();
    if (output_.error() != 0)
      throw IoError(text(output_name_, ": ", errno_text(output_.error()), "; the results are not complete"),
                    {output_name_, {output_.error(), 0}});
    result_.exit_note =
        error_.filter().exit_note() ? error_.filter().exit_note() : output_.filter().exit_note();
    result_.error_seen = output_.filter().error_seen() || error_.filter().error_seen();
    result_.output_seen = output_.seen();
    result_.launcher_text = output_.filter().launcher_text() + error_.filter().launcher_text();
    return result_;
  }

 private:
  bool finished() const {
    if (!ended_) return false;
    return abandoned_ || (!output_.open() && !error_.open() && !output_.pending() && !error_.pending());
  }

  void step() {
    std::array<pollfd, 5> ready{output_.source(), error_.source(), output_.target(), error_.target(),
                                pollfd{signals_.descriptor(), POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), timeout()) < 0) {
      if (errno == EINTR) return;
      throw SystemError(text("poll: ", errno_text(errno)), {"poll", {errno, 0}});
    }
    pass(output_, ready[0].revents, ready[2].revents);
    pass(error_, ready[1].revents, ready[3].revents);
    while (const int signal = signals_.next()) handle(signal);
    if (ended_) return;
    if (limit_ && Clock::now() >= *limit_) {
      result_.timed_out = true;
      limit_.reset();
      ask_to_end();
    }
    if (output_.error() != 0) ask_to_end();  // nobody gets the results: there is no sense in going on
    if (deadline_ && Clock::now() >= *deadline_) kill_all();
    if (launcher_asked_at_ && Clock::now() >= *launcher_asked_at_) {
      ::kill(child_.pid, *result_.received);
      launcher_asked_at_.reset();
    }
  }

  void ask_to_end() {
    if (deadline_) return;
    ::kill(child_.pid, SIGTERM);
    deadline_ = Clock::now() + grace_;
  }

  void pass(RelayStream& stream, short readable, short writable) {
    if (writable != 0) stream.write();
    if (readable != 0) {
      stream.read();
      return;
    }
    if (!stream.open() || stream.full()) return;
    const bool still = Clock::now() - std::max(stream.last(), ended_at_) >= quiet;
    if (still && stream.held()) stream.release();
    if (still && ended_) stream.close();
  }

  int timeout() const {
    const bool soon = output_.held() || error_.held() || ended_;
    auto wait = soon ? quiet : milliseconds(60000);
    for (const auto& until : {deadline_, launcher_asked_at_, limit_})
      if (until && !ended_) wait = std::min(wait, std::chrono::ceil<milliseconds>(*until - Clock::now()));
    return static_cast<int>(std::max(wait, milliseconds(1)).count());
  }

  void handle(int signal) {
    if (signal == SIGCHLD) {
      reap();
    } else if (ended_) {
      abandoned_ = true;  // only a reader that does not read keeps us here
    } else if (!result_.received) {
      result_.received = signal;
      received_at_ = Clock::now();
      if (signal_ranks(signal))
        launcher_asked_at_ = Clock::now() + grace_;
      else
        ::kill(child_.pid, signal);
    } else if (Clock::now() - received_at_ >= same_request) {
      kill_all();
    }
  }

  void reap() {
    siginfo_t info{};  // si_pid stays 0 if it has not ended
    const auto id = static_cast<id_t>(child_.pid);
    if (ended_ || ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
    if (deadline_) ::kill(-child_.pid, SIGKILL);  // what it left; before its number can be given away
    int status = 0;
    ::waitpid(child_.pid, &status, 0);
    ended_ = true;
    will_.revoke();
    ended_at_ = Clock::now();
    result_.launcher_killed = WIFSIGNALED(status);
    result_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  // @return whether there are any
  bool signal_ranks(int signal) const {
    bool any = false;
    if (rank_variable_.empty()) return any;
    for (const memory::ProcessIdentity& process : descendants(child_.pid))
      if (memory::has_variable(process.pid, rank_variable_))
        any |= ::kill(static_cast<pid_t>(process.pid), signal) == 0;
    return any;
  }

  // Ranks are in process groups of their own, and a launcher that hangs does not pass anything on.
  void kill_all() const {
    kill_descendants(child_.pid);
    ::kill(-child_.pid, SIGKILL);
  }

  const SignalWatch& signals_;
  LastWill will_;
  ChildProcess child_;
  Clock::duration grace_;
  RelayStream output_;
  RelayStream error_;
  std::string output_name_;
  RelayResult result_;
  std::string rank_variable_;
  Clock::time_point received_at_{};
  std::optional<Clock::time_point> launcher_asked_at_;  // with a signal that its ranks have had
  std::optional<Clock::time_point> limit_;              // when it has taken too long
  std::optional<Clock::time_point> deadline_;           // when it must have ended, once it was asked to
  Clock::time_point ended_at_ = Clock::now();
  bool ended_ = false;
  bool abandoned_ = false;
};

}  // namespace

RelayResult relay(const RelayRequest& request) {
  reserve_standard_streams();
  const SignalWatch signals;  // before the child exists: none of its signals may be missed
  return Relay(request, signals).run();
}

}  // namespace tutti::launch

#include "tutti/launch/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/process_state.hpp"

extern char** environ;  // NOLINT: POSIX names it so, and no header does

namespace tutti::launch {

namespace {

// Both ends of a pipe; what is not released is closed.
struct Pipe {
  int read = -1;
  int write = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw SystemError(text("pipe: ", errno_text(errno)), {"pipe", {errno, 0}});
    read = ends[0];
    write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(read);
    close(write);
  }
  static void close(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
};

// The environment of this process, changed by `settings`.
std::vector<std::string> environment_with(const std::vector<EnvironmentSetting>& settings) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = std::string_view(*entry).substr(0, std::strcspn(*entry, "="));
    const auto same = [&](const EnvironmentSetting& setting) { return setting.name == name; };
    if (std::none_of(settings.begin(), settings.end(), same)) result.emplace_back(*entry);
  }
  for (const EnvironmentSetting& setting : settings) result.push_back(setting.name + "=" + setting.value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

// In the child, between fork and exec: only what may be called there (signal-safety(7)).
[[noreturn]] void become(char* const* command, char* const* environment, pid_t parent, int input, int output,
                         int error, int report, int announcement) {
  ::setpgid(0, 0);
  const pid_t own = ::getpid();
  if (announcement < 0)
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  else if (::write(announcement, &own, sizeof own) < 0)
    ::_exit(127);
  if (::getppid() != parent) ::_exit(127);  // it ended before we asked to be told
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &standard, nullptr);
  ::sigaction(SIGCHLD, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  ::execvpe(command[0], command, environment);
  const int reason = errno;
  if (::write(report, &reason, sizeof reason) < 0) ::_exit(126);
  ::_exit(127);
}

int input_descriptor(Input input) {
  if (input == Input::inherited && ::isatty(STDIN_FILENO) == 0 && ::fcntl(STDIN_FILENO, F_GETFD) >= 0)
    return ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

std::vector<memory::ProcessStat> all_processes() {
  std::vector<memory::ProcessStat> result;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    if (!memory::natural_number(entry.path().filename().string())) continue;
    const auto line = memory::read_text(entry.path().string() + "/stat");
    if (const auto stat = line ? memory::parse_process_stat(*line) : std::nullopt) result.push_back(*stat);
  }
  return result;
}

// Waits for exec. @return 0, or the errno of its failure.
int exec_failure(Pipe& report) {
  Pipe::close(report.write);
  int reason = 0;
  ssize_t count = 0;
  do count = ::read(report.read, &reason, sizeof reason);
  while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof reason) ? reason : 0;
}

}  // namespace

void reserve_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    while (::fcntl(stream, F_GETFD) < 0) {
      const int opened = ::open("/dev/null", O_RDONLY);  // the lowest free number
      if (opened < 0) return;
      if (opened > STDERR_FILENO) {
        ::close(opened);
        return;
      }
    }
}

ChildProcess start(const std::vector<std::string>& command,
                   const std::vector<EnvironmentSetting>& environment, Input input, int announcement) {
  if (command.empty()) throw InternalError("start: an empty command");
  reserve_standard_streams();
  std::vector<std::string> words = command;
  std::vector<std::string> settings = environment_with(environment);
  const std::vector<char*> arguments = pointers(words);
  const std::vector<char*> variables = pointers(settings);
  Pipe output;
  Pipe error;
  Pipe report;
  int in = input_descriptor(input);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0)
    become(arguments.data(), variables.data(), parent, in, output.write, error.write, report.write,
           announcement);
  const int fork_error = errno;
  Pipe::close(in);
  if (pid < 0)
    throw SystemError(text(command[0], ": fork: ", errno_text(fork_error)), {command[0], {fork_error, 0}});
  ::setpgid(pid, pid);  // here too: whoever comes first
  if (const int reason = exec_failure(report); reason != 0) {
    ::waitpid(pid, nullptr, 0);
    throw FileError(text(printable(command[0]), ": cannot be executed: ", errno_text(reason)),
                    {command[0], {reason, 0}});
  }
  return {pid, std::exchange(output.read, -1), std::exchange(error.read, -1)};
}

std::optional<std::string> capture(const std::vector<std::string>& command, double seconds) {
  ChildProcess child;
  try {
    child = start(command, {}, Input::none);
  } catch (const Error&) {
    return std::nullopt;
  }
  using Clock = std::chrono::steady_clock;
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::string text;
  std::array<char, 4096> piece{};
  bool complete = false;
  while (text.size() <= (std::size_t{1} << 20U)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd ready{child.output, POLLIN, 0};
    if (left <= 0 || (::poll(&ready, 1, static_cast<int>(left)) < 0 && errno != EINTR)) break;
    if (ready.revents == 0) continue;
    const ssize_t count = ::read(child.output, piece.data(), piece.size());
    complete = count == 0;
    if (count <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  Pipe::close(child.output);
  Pipe::close(child.error);  // not read: what it complains about is nobody's business
  if (!complete) ::kill(-child.pid, SIGKILL);
  int status = 0;
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!complete || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return text;
}

std::optional<std::string> find_program(const std::string& name) {
  const auto executable = [](const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string::npos) return executable(name) ? std::optional(name) : std::nullopt;
  const std::string path = environment_text("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string folder = end == begin ? "." : path.substr(begin, end - begin);
    std::string path_of_name = text(folder, "/", name);
    if (executable(path_of_name)) return path_of_name;
    begin = end + 1;
  }
  return std::nullopt;
}

std::vector<memory::ProcessIdentity> descendants(pid_t root) {
  const std::vector<memory::ProcessStat> all = all_processes();
  std::vector<memory::ProcessStat> family;
  for (const memory::ProcessStat& stat : all)
    if (stat.pid == root) family.push_back(stat);
  for (std::size_t i = 0; i < family.size(); ++i)
    for (const memory::ProcessStat& stat : all)
      if (stat.parent == family[i].pid && stat.pid != root) family.push_back(stat);
  std::vector<memory::ProcessIdentity> result;
  for (const memory::ProcessStat& stat : family)
    if (stat.pid != root && stat.state != 'Z') result.push_back({stat.pid, stat.start_time});
  return result;
}

void kill_descendants(pid_t root) {
  // A process may fork while we look: look again until nothing is left, but not for ever.
  for (int round = 0; round < 20; ++round) {
    const auto family = descendants(root);
    if (family.empty()) return;
    for (const memory::ProcessIdentity& process : family) ::kill(static_cast<pid_t>(process.pid), SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace tutti::launch

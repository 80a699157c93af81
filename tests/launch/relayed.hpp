// relay() in a process of its own, whose stdout and stderr a test chooses and reads.
#pragma once

#include <array>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/launch/relay.hpp"

namespace tutti::launch {

/// What happened, in a form that passes through a pipe.
struct Relayed {
  int exit_code = -1;  ///< of the launcher; of the error if one was thrown
  int note = -1;
  int received = 0;
  int error_number = 0;  ///< of an IoError
  bool error_seen = false;
  bool output_seen = false;
  bool launcher_killed = false;
  bool threw = false;
  bool timed_out = false;
  std::array<char, 200> message{};
  std::string out;
  std::string err;
  std::string launcher_text;
};

inline std::string contents(int file) {
  std::string result;
  std::array<char, 65536> piece{};
  for (off_t at = 0;;) {
    const ssize_t count = ::pread(file, piece.data(), piece.size(), at);
    if (count <= 0) return result;
    result.append(piece.data(), static_cast<std::size_t>(count));
    at += count;
  }
}

inline void relay_into(const RelayRequest& request, Relayed& result, int text_file) {
  try {
    const RelayResult relayed = relay(request);
    result.exit_code = relayed.exit_code;
    result.note = relayed.exit_note.value_or(-1);
    result.received = relayed.received.value_or(0);
    result.error_seen = relayed.error_seen;
    result.output_seen = relayed.output_seen;
    result.launcher_killed = relayed.launcher_killed;
    result.timed_out = relayed.timed_out;
    if (::write(text_file, relayed.launcher_text.data(), relayed.launcher_text.size()) < 0) ::_exit(97);
  } catch (const Error& error) {
    result.threw = true;
    result.exit_code = error.exit_code();
    result.error_number = static_cast<int>(error.data().number[0]);
    const std::string message = error.what();
    message.copy(result.message.data(), result.message.size() - 1);
  }
}

/// @param prepare  runs in the new process before relay(), and may redirect its descriptors
/// @param meanwhile  runs in this process with the other's number, before waiting for it
inline Relayed relayed(const RelayRequest& request, const std::function<void()>& prepare = {},
                       const std::function<void(pid_t)>& meanwhile = {}) {
  const std::array<int, 4> files{::memfd_create("out", MFD_CLOEXEC), ::memfd_create("err", MFD_CLOEXEC),
                                 ::memfd_create("text", MFD_CLOEXEC), ::memfd_create("result", MFD_CLOEXEC)};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(files[0], STDOUT_FILENO);
    ::dup2(files[1], STDERR_FILENO);
    if (prepare) prepare();
    Relayed result;
    relay_into(request, result, files[2]);
    // The strings at the end of the struct stay behind.
    const std::size_t flat =
        static_cast<std::size_t>(reinterpret_cast<char*>(&result.out) - reinterpret_cast<char*>(&result));
    ::_exit(::pwrite(files[3], &result, flat, 0) == static_cast<ssize_t>(flat) ? 0 : 96);
  }
  if (meanwhile) meanwhile(pid);
  int status = 0;
  ::waitpid(pid, &status, 0);
  Relayed result;
  const std::size_t flat =
      static_cast<std::size_t>(reinterpret_cast<char*>(&result.out) - reinterpret_cast<char*>(&result));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
      ::pread(files[3], &result, flat, 0) != static_cast<ssize_t>(flat))
    result.exit_code = -2;
  result.out = contents(files[0]);
  result.err = contents(files[1]);
  result.launcher_text = contents(files[2]);
  for (const int file : files) ::close(file);
  return result;
}

/// A shell script in the place of a launcher.
inline RelayRequest script(const std::string& text) {
  RelayRequest request;
  request.command = {"/bin/sh", "-c", text};
  return request;
}

}  // namespace tutti::launch

// Other programs as children of this one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "tutti/memory/process_state.hpp"

namespace tutti::launch {

/// A variable for the environment of a program.
struct EnvironmentSetting {
  std::string name;
  std::string value;
};

/// What a program reads.
enum class Input : unsigned char {
  none,       ///< /dev/null
  inherited,  ///< ours, unless that is a terminal: a program in a process group of its own may not read from
              ///< it
};

/// A started program. The descriptors belong to the caller.
struct ChildProcess {
  pid_t pid = -1;
  int output = -1;  ///< read end of its stdout
  int error = -1;   ///< read end of its stderr
};

/// Opens /dev/null where one of our own descriptors 0, 1, 2 is closed, so that no file of ours gets its
/// number; writing there still fails (EBADF).
void reserve_standard_streams();

/// Starts `command` (looked up in PATH) in a process group of its own, with default signal handling.
/// @param announcement  a pipe to which it writes its number before it begins, for whoever ends it if we
/// cannot
///                      (LastWill); -1: the kernel kills it when the thread that started it ends
/// @throws SystemError if no process or pipe can be made; FileError if the program cannot be executed.
ChildProcess start(const std::vector<std::string>& command,
                   const std::vector<EnvironmentSetting>& environment, Input input, int announcement = -1);

/// Runs `command` without input. @return what it wrote to stdout; nothing if it could not be started, failed,
/// wrote more than 1 MiB, or took longer than `seconds` (it is ended then).
std::optional<std::string> capture(const std::vector<std::string>& command, double seconds);

/// The path of an executable: `name` itself if it contains a slash, else looked up in PATH; nothing if there
/// is none.
std::optional<std::string> find_program(const std::string& name);

/// Every process of this node that descends from `root`, without those that have ended.
std::vector<memory::ProcessIdentity> descendants(pid_t root);

/// Kills (SIGKILL) every process of this node that descends from `root`, and not root itself.
void kill_descendants(pid_t root);

}  // namespace tutti::launch

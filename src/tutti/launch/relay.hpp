// Runs a launcher as a child, and passes its output, the signals we get, and its end on.
#pragma once

#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "tutti/launch/child_process.hpp"

namespace tutti::launch {

struct RelayRequest {
  std::vector<std::string> command;             ///< the launcher and its arguments
  std::vector<EnvironmentSetting> environment;  ///< in addition to ours
  Input input = Input::none;
  double grace_seconds = 5;  ///< between asking the launcher to end and killing it and all its descendants
  /// A variable that the ranks on this node have. If it is given, signals go to these first, and to the
  /// launcher only after the time of grace: for one that kills its ranks as soon as it gets a signal itself.
  std::string rank_variable;
  int output = STDOUT_FILENO;  ///< where its stdout goes, and what errors call that
  std::string output_name = "stdout";
  int error = STDERR_FILENO;            ///< where its stderr goes
  std::optional<double> limit_seconds;  ///< it may take so long; then it is asked to end
};

struct RelayResult {
  int exit_code = 0;             ///< of the launcher; 128 + n if a signal ended it
  std::optional<int> exit_note;  ///< the code that the program agreed on, where it said so
  std::optional<int> received;   ///< the first signal that we were sent and passed on
  bool launcher_killed = false;  ///< a signal ended the launcher itself
  bool error_seen = false;       ///< the program printed an error of ours
  bool output_seen = false;      ///< anything was written to stdout
  bool timed_out = false;        ///< it took longer than its limit, and was ended
  std::string launcher_text;     ///< what the launcher said of the end; taken out of the output
};

/// Starts the command and returns when it has ended and all its output is written. Bytes are passed on
/// exactly and at once, from its stdout and stderr to ours (or where the request says), except for exit notes
/// and the launcher's blocks on how the program ended (launcher_noise.hpp). A slow reader of one of them does
/// not hold up the other.
///
/// SIGINT, SIGTERM and SIGHUP are passed to the launcher, which passes them to the ranks (or see
/// rank_variable); a second one, at least half a second later, kills all. The command is killed when we are.
/// @throws IoError if our stdout is closed or full: after the program was ended in order;
///         FileError, SystemError if the command cannot be started.
RelayResult relay(const RelayRequest& request);

}  // namespace tutti::launch

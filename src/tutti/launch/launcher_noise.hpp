// What launchers write when a program ends badly, recognized in the stream of the program's own output.
//
// Open MPI's mpirun writes two blocks between lines of 74 dashes to stderr; MPICH's mpiexec writes a block
// that begins with 83 equals signs to *stdout*, into the program's results.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tutti::launch {

/// Passes bytes on, except for the launcher's blocks and exit notes, which it collects, and the watchdog's
/// warnings after an exit note, which come too late and are dropped. Everything else leaves exactly as it
/// came, also NUL bytes and lines without an end, at once: only bytes that may begin something to be
/// collected wait for the bytes that decide it, and at most until release().
class NoiseFilter {
 public:
  /// @param bytes  what was read; any size
  /// @param out    gets appended what is to be passed on
  void feed(std::string_view bytes, std::string& out);

  /// No more bytes come, or none came for a while: passes on what waits.
  void release(std::string& out);

  bool waiting() const { return !held_.empty(); }

  /// The launcher's blocks so far, one after another.
  const std::string& launcher_text() const { return launcher_text_; }
  /// The code of the first exit note.
  std::optional<int> exit_note() const { return exit_note_; }
  /// Whether a line was passed on that is an error of ours: "tutti: error: ..." or a JSON object {"error":
  /// ...
  bool error_seen() const { return error_seen_; }

 private:
  enum class End : unsigned char { open, closed };
  void pass(End end, std::string& out);

  std::string held_;          // begins at the start of a line
  bool inside_line_ = false;  // the last byte passed on was no newline
  bool after_block_ = false;  // MPICH's closing remarks may follow
  std::string launcher_text_;
  std::optional<int> exit_note_;
  bool error_seen_ = false;
};

/// What the launcher says of a process that a signal ended.
struct SignalReport {
  int signal = 0;
  int rank = -1;  ///< -1: it does not say which
};
std::optional<SignalReport> signal_in(std::string_view launcher_text);

}  // namespace tutti::launch

#include "tutti/launch/launcher_noise.hpp"

#include <array>
#include <charconv>

#include "tutti/launch/exit_note.hpp"

namespace tutti::launch {

namespace {

constexpr std::size_t longest_block = 8192;
const std::string dashes = std::string(74, '-') + "\n";
const std::string equals = std::string(83, '=') + "\n";
const std::string mpich_opening = equals + "=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES\n";

// What stands between Open MPI's dashes when it says how a program ended. Its other blocks (too few slots, a
// wrong option) are for the user and pass.
constexpr std::array<std::string_view, 5> openmpi_endings{
    "Primary job  terminated normally, but", "one or more processes exited with non-zero status",
    "noticed that process rank", "MPI_ABORT was invoked on rank", "noticed that the job aborted"};
constexpr std::array<std::string_view, 3> mpich_remarks{
    "YOUR APPLICATION TERMINATED WITH THE EXIT STRING: ",
    "This typically refers to a problem with your application.",
    "Please see the FAQ page for debugging suggestions"};
constexpr std::array<std::string_view, 2> errors{"tutti: error:", "{\"error\":"};
// A rank that was stopped and is continued only to be ended has waited in vain meanwhile.
constexpr std::string_view stale_warning = "tutti: warning: after ";

// What the bytes at the start of a line are.
struct Match {
  enum class Kind : unsigned char { nothing, undecided, block, remark, note, stale, error };
  Kind kind = Kind::nothing;
  std::size_t length = 0;  // of a block, remark, note or stale line
};

enum class Prefix : unsigned char { no, undecided, yes };

Prefix begins_with(std::string_view text, std::string_view wanted) {
  if (text.starts_with(wanted)) return Prefix::yes;
  return wanted.starts_with(text) ? Prefix::undecided : Prefix::no;
}

Match undecided_unless_long(std::string_view text) {
  return {text.size() < longest_block ? Match::Kind::undecided : Match::Kind::nothing, 0};
}

// A whole line that begins with `wanted`.
Match line_match(std::string_view text, std::string_view wanted, Match::Kind kind) {
  const Prefix prefix = begins_with(text, wanted);
  if (prefix == Prefix::no) return {};
  const std::size_t end = text.find('\n');
  if (prefix == Prefix::undecided || end == std::string_view::npos) return undecided_unless_long(text);
  return {kind, end + 1};
}

Match openmpi_match(std::string_view text) {
  const Prefix prefix = begins_with(text, dashes);
  if (prefix == Prefix::no) return {};
  const std::size_t end = text.find("\n" + dashes, dashes.size() - 1);
  if (prefix == Prefix::undecided || end == std::string_view::npos) return undecided_unless_long(text);
  const std::size_t length = end + 1 + dashes.size();
  for (const std::string_view ending : openmpi_endings)
    if (text.substr(0, length).find(ending) != std::string_view::npos) return {Match::Kind::block, length};
  return {};
}

// Hydra begins with an empty line, unless the program's last line had no end.
Match mpich_match(std::string_view text) {
  const std::size_t blank = text.starts_with('\n') ? 1 : 0;
  const Prefix prefix = begins_with(text.substr(blank), mpich_opening);
  if (prefix == Prefix::no) return {};
  const std::size_t end = text.find("\n" + equals, blank + mpich_opening.size() - 1);
  if (prefix == Prefix::undecided || end == std::string_view::npos) return undecided_unless_long(text);
  return {Match::Kind::block, end + 1 + equals.size()};
}

Match remark_match(std::string_view text) {
  for (const std::string_view remark : mpich_remarks)
    if (const Match match = line_match(text, remark, Match::Kind::remark); match.kind != Match::Kind::nothing)
      return match;
  return {};
}

// Hydra's answer to an interrupt, on stdout.
Match interrupt_match(std::string_view text) {
  const Match match = line_match(text, "[mpiexec@", Match::Kind::block);
  if (match.kind != Match::Kind::block) return match;
  const std::string_view line = text.substr(0, match.length);
  const bool interrupt = line.ends_with("] Sending Ctrl-C to processes as requested\n") ||
                         line.ends_with("] Press Ctrl-C again to force abort\n");
  return interrupt ? match : Match{};
}

Match match_of(std::string_view text, bool after_block, bool after_verdict) {
  if (after_verdict)
    if (const Match match = line_match(text, stale_warning, Match::Kind::stale);
        match.kind != Match::Kind::nothing)
      return match;
  if (after_block)
    if (const Match match = remark_match(text); match.kind != Match::Kind::nothing) return match;
  switch (text.front()) {
    case '-':
      return openmpi_match(text);
    case '=':
    case '\n':
      return mpich_match(text);
    case '[':
      return interrupt_match(text);
    case exit_note_begin.front():
      return line_match(text, exit_note_begin, Match::Kind::note);
    default:
      break;
  }
  for (const std::string_view error : errors) {
    const Prefix prefix = begins_with(text, error);
    if (prefix == Prefix::yes) return {Match::Kind::error, 0};
    if (prefix == Prefix::undecided) return {Match::Kind::undecided, 0};
  }
  return {};
}

// The whole number after `words`, and behind it only what no number has.
std::optional<int> number_after(std::string_view text, std::string_view words) {
  const std::size_t begin = text.find(words);
  if (begin == std::string_view::npos) return std::nullopt;
  int value = 0;
  const char* const first = text.data() + begin + words.size();
  if (std::from_chars(first, text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

void NoiseFilter::feed(std::string_view bytes, std::string& out) {
  if (!held_.empty()) {
    held_ += bytes;
    pass(End::open, out);
    return;
  }
  if (inside_line_) {  // the usual case of a large output: no copy
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    if (!bytes.empty()) {
      inside_line_ = bytes[end - 1] != '\n';
      out += bytes.substr(0, end);
      bytes.remove_prefix(end);
    }
  }
  held_ = bytes;
  pass(End::open, out);
}

void NoiseFilter::release(std::string& out) { pass(End::closed, out); }

void NoiseFilter::pass(End end, std::string& out) {
  std::string_view rest = held_;
  while (!rest.empty()) {
    const Match match = match_of(rest, after_block_, exit_note_.has_value());
    if (match.kind == Match::Kind::undecided && end == End::open) break;
    std::size_t length = match.length;
    switch (match.kind) {
      case Match::Kind::block:
      case Match::Kind::remark:
        launcher_text_ += rest.substr(0, length);
        after_block_ = true;
        break;
      case Match::Kind::note:
        if (!exit_note_) exit_note_ = parse_exit_note(rest.substr(0, length));
        break;
      case Match::Kind::stale:
        break;
      case Match::Kind::error:
        error_seen_ = true;
        [[fallthrough]];
      case Match::Kind::nothing:
      case Match::Kind::undecided:
        length = std::min(rest.find('\n'), rest.size() - 1) + 1;
        inside_line_ = rest[length - 1] != '\n';
        after_block_ = false;
        out += rest.substr(0, length);
        break;
    }
    rest.remove_prefix(length);
    if (inside_line_) break;  // then nothing is left
  }
  held_.erase(0, held_.size() - rest.size());
}

std::optional<SignalReport> signal_in(std::string_view launcher_text) {
  if (const auto signal = number_after(launcher_text, "exited on signal "))
    return SignalReport{*signal, number_after(launcher_text, "noticed that process rank ").value_or(-1)};
  const std::size_t exit_string = launcher_text.find(mpich_remarks[0]);
  if (exit_string == std::string_view::npos) return std::nullopt;
  const std::string_view line =
      launcher_text.substr(exit_string, launcher_text.find('\n', exit_string) - exit_string);
  if (const auto signal = number_after(line, "(signal ")) return SignalReport{*signal, -1};
  return std::nullopt;
}

}  // namespace tutti::launch

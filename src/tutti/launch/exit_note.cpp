#include "tutti/launch/exit_note.hpp"

#include <charconv>

#include "tutti/core/environment.hpp"
#include "tutti/core/text.hpp"

namespace tutti::launch {

bool under_front_end() { return environment_text("TUTTI_FRONT_END").has_value(); }

std::string exit_note(int exit_code) { return text(exit_note_begin, exit_code, "\n"); }

std::optional<int> parse_exit_note(std::string_view line) {
  if (!line.starts_with(exit_note_begin)) return std::nullopt;
  line.remove_prefix(exit_note_begin.size());
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  int code = 0;
  const auto end = std::from_chars(line.data(), line.data() + line.size(), code);
  if (end.ec != std::errc{} || end.ptr != line.data() + line.size() || code < 0 || code > 255)
    return std::nullopt;
  return code;
}

}  // namespace tutti::launch

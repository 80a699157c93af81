#include "tutti/comm/tell.hpp"

#include <unistd.h>

#include "tutti/core/text.hpp"
#include "tutti/launch/exit_note.hpp"

namespace tutti {

namespace {

// One write of whole lines: those of different processes do not mix. Nothing can be done where it fails.
void write_line(int descriptor, const std::string& whole) {
  [[maybe_unused]] const auto written = ::write(descriptor, whole.data(), whole.size());
}

}  // namespace

void tell(const core::ErrorRecord& record, ErrorStyle style, int world_size) {
  std::string line;
  if (style == ErrorStyle::json) {
    line = text("{\"error\":{\"type\":\"", type_name(record.type),
                "\",\"message\":", json_string(record.message), ",\"rank\":", record.rank,
                ",\"exit\":", record.exit_code(), "}}\n");
  } else {
    line = "tutti: error: ";
    if (world_size > 1 && record.rank >= 0)
      line += text("rank ", record.rank, " on node ", printable(record.node), ": ");
    line += printable(record.message) + "\n";
  }
  const std::string note = launch::under_front_end() ? launch::exit_note(record.exit_code()) : "";
  if (style == ErrorStyle::json) {
    write_line(STDOUT_FILENO, line);
    write_line(STDERR_FILENO, note);
  } else {
    write_line(STDERR_FILENO, line + note);
  }
}

void tell_code(int exit_code) {
  if (launch::under_front_end()) write_line(STDERR_FILENO, launch::exit_note(exit_code));
}

}  // namespace tutti

#include "tutti/comm/process.hpp"

#include <unistd.h>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

Settings Settings::from_environment() {
  Settings settings;
  settings.strict = environment_switch("TUTTI_STRICT").value_or(false);
  settings.pretended_nodes = checked_cast<int>(environment_integer("TUTTI_NODES", 1).value_or(1));
  if (environment_text("TUTTI_WATCHDOG") == "off")
    settings.watchdog.enabled = false;
  else
    settings.watchdog.limit = environment_seconds("TUTTI_WATCHDOG").value_or(settings.watchdog.limit);
  settings.watchdog.end_limit = environment_seconds("TUTTI_WATCHDOG_END");
  return settings;
}

namespace {

std::string json_string(const std::string& value) {
  std::string out = "\"";
  for (const char c : printable(value)) {  // printable() leaves no control characters
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

void tell(const core::ErrorRecord& record, Voice voice, int world_size) {
  std::string line;
  if (voice == Voice::json) {
    line = text("{\"error\":{\"type\":\"", type_name(record.type),
                "\",\"message\":", json_string(record.message), ",\"rank\":", record.rank,
                ",\"exit\":", exit_code(record.type), "}}\n");
  } else {
    line = "tutti: error: ";
    if (world_size > 1 && record.rank >= 0)
      line += text("rank ", record.rank, " on node ", printable(record.node), ": ");
    line += printable(record.message) + "\n";
  }
  const int descriptor = voice == Voice::json ? STDOUT_FILENO : STDERR_FILENO;
  // One write of a whole line: lines of different processes do not mix. Nothing can be done where it fails.
  [[maybe_unused]] const auto written = ::write(descriptor, line.data(), line.size());
}

}  // namespace tutti::comm

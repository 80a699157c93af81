#include "tutti/comm/process.hpp"

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

Settings Settings::from_environment() {
  Settings settings;
  settings.strict = environment_switch("TUTTI_STRICT").value_or(false);
  settings.pretended_nodes = checked_cast<int>(environment_integer("TUTTI_NODES", 1).value_or(1));
  settings.board = environment_switch("TUTTI_BOARD").value_or(true);
  if (environment_text("TUTTI_WATCHDOG") == "off")
    settings.watchdog.enabled = false;
  else
    settings.watchdog.limit = environment_seconds("TUTTI_WATCHDOG").value_or(settings.watchdog.limit);
  settings.watchdog.end_limit = environment_seconds("TUTTI_WATCHDOG_END");
  settings.budget = memory::Budget::from_environment();
  settings.memory_report = environment_text("TUTTI_MEMORY_REPORT");
  return settings;
}

}  // namespace tutti::comm

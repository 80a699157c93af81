// Environment variables, read with types: nonsense is an error that names the variable, never a silent
// default.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tutti {

/// The variable's text; nothing if it is unset or empty.
std::optional<std::string> environment_text(const char* name);

/// A whole number of at least `minimum`.
/// @throws UsageError for anything else.
std::optional<std::int64_t> environment_integer(const char* name, std::int64_t minimum);

/// A time in seconds, > 0, decimals allowed.
/// @throws UsageError for anything else.
std::optional<double> environment_seconds(const char* name);

/// "1", "yes", "on", "true" or "0", "no", "off", "false".
/// @throws UsageError for anything else.
std::optional<bool> environment_switch(const char* name);

}  // namespace tutti

#include "tutti/core/environment.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

namespace {

[[noreturn]] void refuse(const char* name, const std::string& value, const std::string& wanted) {
  throw UsageError(text("environment variable ", name, "=", printable(value), ": give ", wanted), {name, {}});
}

template <class Number>
std::optional<Number> whole(const std::string& value) {
  Number number{};
  const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
  if (end.ec != std::errc{} || end.ptr != value.data() + value.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::string> environment_text(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::optional<std::int64_t> environment_integer(const char* name, std::int64_t minimum) {
  const auto value = environment_text(name);
  if (!value) return std::nullopt;
  const auto number = whole<std::int64_t>(*value);
  if (!number || *number < minimum) refuse(name, *value, text("a whole number of at least ", minimum));
  return number;
}

std::optional<double> environment_seconds(const char* name) {
  const auto value = environment_text(name);
  if (!value) return std::nullopt;
  const auto number = whole<double>(*value);
  if (!number || !std::isfinite(*number) || *number <= 0)
    refuse(name, *value, "a time in seconds, greater than 0");
  return number;
}

std::optional<bool> environment_switch(const char* name) {
  const auto value = environment_text(name);
  if (!value) return std::nullopt;
  for (const char* yes : {"1", "yes", "on", "true"})
    if (*value == yes) return true;
  for (const char* no : {"0", "no", "off", "false"})
    if (*value == no) return false;
  refuse(name, *value, "1 or 0");
}

}  // namespace tutti

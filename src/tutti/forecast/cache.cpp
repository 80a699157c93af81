#include "tutti/forecast/cache.hpp"

#include <filesystem>
#include <system_error>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::forecast {

namespace {

namespace fs = std::filesystem;

}  // namespace

// A relative path in XDG_CACHE_HOME does not count (XDG Base Directory Specification 0.8).
std::optional<std::string> cache_folder() {
  if (const auto given = environment_text("XDG_CACHE_HOME"); given && given->front() == '/')
    return *given + "/tutti";
  if (const auto home = environment_text("HOME"); home && home->front() == '/')
    return *home + "/.cache/tutti";
  return std::nullopt;
}

std::optional<std::string> read_cached(const std::string& name) {
  constexpr std::uintmax_t largest = std::uintmax_t{1} << 20U;
  const auto folder = cache_folder();
  if (!folder) return std::nullopt;
  const std::string path = text(*folder, "/", name);
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > largest || error) return std::nullopt;
  return memory::read_text(path);
}

std::optional<std::string> newest_cached(std::string_view prefix) {
  const auto folder = cache_folder();
  if (!folder) return std::nullopt;
  std::optional<std::string> newest;
  fs::file_time_type last{};
  std::error_code error;
  for (fs::directory_iterator entry(*folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code gone;
    const auto time = entry->last_write_time(gone);
    if (gone || !name.starts_with(prefix) || (newest && time <= last)) continue;
    newest = name;
    last = time;
  }
  return newest;
}

std::string keep_cached(const std::string& name, std::string_view contents) {
  const auto folder = cache_folder();
  if (!folder) return "not kept: neither XDG_CACHE_HOME nor HOME names a folder";
  std::error_code failed;
  fs::create_directories(*folder, failed);
  if (failed) return text("not kept: ", printable(*folder), ": ", failed.message());
  try {
    write_text_atomically(text(*folder, "/", name), contents);
  } catch (const Error& error) {
    return "not kept: " + error.message();
  }
  return "";
}

}  // namespace tutti::forecast

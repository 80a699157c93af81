// Small files that are worth keeping from run to run, and that nobody misses: under XDG_CACHE_HOME/tutti, or
// ~/.cache/tutti.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tutti::forecast {

/// The folder, whether it exists or not; nothing if the environment names neither of the two.
std::optional<std::string> cache_folder();

/// The text of a file there; nothing if it cannot be read, or is larger than 1 MiB.
std::optional<std::string> read_cached(const std::string& name);

/// The name of the file, written last, that begins with `prefix`; nothing if there is none.
std::optional<std::string> newest_cached(std::string_view prefix);

/// Writes it, at once or not at all, and makes the folder if need be.
/// @return why it could not be kept; empty if it was. A cache that cannot be written is no error.
std::string keep_cached(const std::string& name, std::string_view contents);

}  // namespace tutti::forecast

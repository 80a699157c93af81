// Where a collective was called: for messages, and for TUTTI_STRICT.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tutti/core/text.hpp"

namespace tutti {

/// The place of a call. Used as a last, defaulted parameter, it is the caller's place.
/// (clang 14 with libstdc++ 12 has no std::source_location in C++20; the builtins work in both compilers.)
struct Site {
  const char* file;
  std::uint32_t line;

  constexpr Site(const char* file_ = __builtin_FILE(), std::uint32_t line_ = __builtin_LINE())
      : file(file_), line(line_) {}

  /// The file without its folders.
  constexpr std::string_view name() const {
    const std::string_view path(file);
    return path.substr(path.find_last_of('/') + 1);
  }
  std::string text() const { return tutti::text(name(), ":", line); }
};

}  // namespace tutti

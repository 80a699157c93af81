// What programs that fuzz parsers have in common.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::fuzz {

using Bytes = std::span<const std::uint8_t>;

struct Parser {
  std::string_view name;
  void (*read)(Bytes bytes);  ///< refuses by an error of its own kind, or accepts
  std::vector<std::string> (*seeds)();
};

/// Of this program, which defines it.
std::span<const Parser> all_parsers();

/// Ends the program: libFuzzer keeps the case.
[[noreturn]] void wrong(const char* what);

inline std::string text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace tutti::fuzz

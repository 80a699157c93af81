// The trace: what every reduction of a run gave, so that two runs can be compared call by call.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/text.hpp"

namespace tutti::comm {

/// A file of lines, tab-separated: name, number of the reduction from 1, call site ("-": none), and the
/// values as hexfloats or integers. Its first line is "# tutti trace 1". It is appended to, since several
/// Worlds of a program may write it; each line stands in the file when the next collective begins.
class Trace {
 public:
  /// @throws OutputError if the file cannot be opened for appending.
  explicit Trace(const std::string& path);

  void add(const Call& call, std::string_view values);

  /// @throws IoError if a line could not be written.
  void finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::size_t number_ = 0;
  int failure_ =
      0;  ///< errno of the first write that failed: told at the end, since nothing may throw before
};

/// Where the first process of the job writes a trace (TUTTI_TRACE), if this is an outermost World; else null.
Trace* trace_of(const World& world);

/// A value as it stands there: a hexfloat or an integer.
template <class T>
std::string trace_text(const T& value) {
  if constexpr (std::is_floating_point_v<T>)
    return hexfloat(static_cast<double>(value));
  else
    return text(value);
}

/// Writes what a reduction gave. The values are made into text only where there is a trace.
template <class Values>
void trace(const World& world, const Call& call, const Values& values) {
  Trace* const trace = trace_of(world);
  if (trace == nullptr) [[likely]]
    return;
  std::string line;
  for (const auto& value : values()) {
    if (!line.empty()) line += ' ';
    line += trace_text(value);
  }
  trace->add(call, line);
}

}  // namespace tutti::comm

// The lines of a file, one after another, with bounded memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "tutti/files/file.hpp"

namespace tutti::verify {

/// A longer line is no line of results: it is refused, not kept.
inline constexpr std::size_t longest_line = std::size_t{16} << 20U;

class LineReader {
 public:
  /// @param name     what errors call the file
  /// @param between  called before each piece that is read; may throw
  /// @throws FileError if it cannot be opened.
  LineReader(const std::string& path, std::string name, std::function<void()> between = {});

  /// The next line, without its end (\n or \r\n); the last one may have none. Valid until the next call.
  /// @return false behind the last line.
  /// @throws FormatError for a line that is too long; IoError.
  bool next(std::string_view& line);

  /// Of the line that next() gave, from 1.
  Index number() const { return number_; }

 private:
  bool fill();

  files::InputFile file_;
  std::string name_;
  std::function<void()> between_;
  Index offset_ = 0;  // of the file: what lies before it is in buffer_
  std::string buffer_;
  std::size_t begin_ = 0;  // of what has not been given
  Index number_ = 0;
};

}  // namespace tutti::verify

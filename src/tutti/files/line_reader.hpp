// The lines of a file, one after another, with bounded memory.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tutti/files/file.hpp"

namespace tutti::files {

/// A longer line is no line of results: it is refused, not kept.
inline constexpr std::size_t longest_line = std::size_t{16} << 20U;

/// What a reader of lines expects.
struct LineRules {
  std::size_t longest = longest_line;                           ///< bytes of a line, at most
  const char* expected = "results in lines are expected here";  ///< what errors say of a longer one
  std::function<void()> between = {};  ///< called before each piece that is read; may throw
};

class LineReader {
 public:
  /// @param name  what errors call the file
  /// @throws FileError if it cannot be opened.
  LineReader(const std::string& path, std::string name, LineRules rules = {});

  /// Of text that is in memory: it is copied.
  struct InMemory {
    std::string_view text;
  };
  LineReader(InMemory contents, std::string name, LineRules rules = {});

  /// The next line, without its end (\n or \r\n); the last one may have none. Valid until the next call.
  /// @return false behind the last line.
  /// @throws FormatError for a line that is too long; IoError.
  bool next(std::string_view& line);

  /// Of the line that next() gave, from 1.
  Index number() const { return number_; }

  /// A place between two lines, to which a reader of the same text can go.
  struct Place {
    Index offset = 0;  ///< bytes before it
    Index lines = 0;   ///< lines before it
  };
  /// Behind the line that next() gave.
  Place place() const;
  void go_to(const Place& place);

  const std::string& name() const { return name_; }
  Index size() const { return size_; }  ///< bytes of the whole text

 private:
  bool fill();

  std::optional<InputFile> file_;  // none: all is in buffer_
  std::string name_;
  LineRules rules_;
  Index size_ = 0;
  Index offset_ = 0;  // of the file: what lies before it is in buffer_, or was
  std::string buffer_;
  std::size_t begin_ = 0;  // of what has not been given
  Index number_ = 0;
};

}  // namespace tutti::files

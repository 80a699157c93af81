// Tables as text, a line at a time: what a run observes, step by step. NumPy's loadtxt, gnuplot and people
// read them.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/files/append_file.hpp"

namespace tutti::formats {

/// An entry: numbers are the shortest text that reads back as the same bits; a text has no spaces.
using Cell = std::variant<Index, double, std::string>;

/// "# step time temperature", then a line of as many entries for each row.
class TableWriter {
 public:
  /// A new file; one of that name is replaced.
  /// @param columns  names without spaces
  /// @throws OutputError with errno
  static TableWriter create(const std::string& path, const std::vector<std::string>& columns);

  /// A table that a run has written, cut to its first `bytes`, which a checkpoint knows.
  /// @throws OutputError with errno; FormatError if it is shorter, or has other columns
  static TableWriter resume(const std::string& path, const std::vector<std::string>& columns, Index bytes);

  /// @throws IoError with errno; InternalError for another number of entries
  void row(std::span<const Cell> cells);

  /// Behind the last row.
  Index mark() const { return file_.marked(); }
  void synchronize() { file_.synchronize(); }

 private:
  TableWriter(files::AppendFile file, std::size_t columns) : file_(std::move(file)), columns_(columns) {}

  files::AppendFile file_;
  std::size_t columns_;
};

}  // namespace tutti::formats

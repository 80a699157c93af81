#include "tutti/formats/table_writer.hpp"

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/formats/text_writers.hpp"

namespace tutti::formats {

namespace {

std::string head_of(const std::vector<std::string>& columns) {
  std::string head = "#";
  for (const std::string& column : columns) head += " " + column;
  return head + '\n';
}

}  // namespace

TableWriter TableWriter::create(const std::string& path, const std::vector<std::string>& columns) {
  TableWriter made(files::AppendFile::create(path), columns.size());
  made.file_.append(head_of(columns));
  made.file_.mark();
  return made;
}

TableWriter TableWriter::resume(const std::string& path, const std::vector<std::string>& columns,
                                Index bytes) {
  const std::string head = head_of(columns);
  check_lines(path, {bytes, 0});
  const files::InputFile file(path);
  std::string found(head.size(), '\0');
  const bool long_enough = std::min(bytes, file.size()) >= static_cast<Index>(head.size());
  if (long_enough) file.read_at(0, std::as_writable_bytes(std::span(found)));
  if (!long_enough || found != head)
    throw FormatError(
        text(printable(path), ": does not begin with ", json_string(head.substr(0, head.size() - 1)),
             "; give the file that the run has written, or start a new one"),
        {path, {}});
  return {files::AppendFile::resume(path, bytes), columns.size()};
}

void TableWriter::row(std::span<const Cell> cells) {
  if (cells.size() != columns_)
    throw InternalError(text(file_.path(), ": ", cells.size(), " entries for ", columns_, " columns"));
  std::string line;
  for (const Cell& cell : cells) {
    if (!line.empty()) line += ' ';
    std::visit([&](const auto& value) { core::append(line, value); }, cell);
  }
  file_.append(line + '\n');
  file_.mark();
}

}  // namespace tutti::formats

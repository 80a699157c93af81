#include "tutti/memory/text_table.hpp"

#include <algorithm>
#include <string_view>

namespace tutti::memory {

namespace {

// Characters, where a byte of UTF-8 that continues one counts for nothing.
std::size_t width(std::string_view cell) {
  return static_cast<std::size_t>(std::count_if(
      cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

std::string table(const std::vector<TableRow>& rows, std::size_t names, std::size_t remarks) {
  if (rows.empty()) return "";
  const std::size_t columns = rows.front().size();
  std::vector<std::size_t> widths(columns, 0);
  for (const TableRow& row : rows)
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string out;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      const std::string padding(widths[i] - width(row[i]), ' ');
      const bool begins_left = i < names || i + remarks >= columns;
      line += (i == 0 ? "" : "  ") + (begins_left ? row[i] + padding : padding + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace tutti::memory

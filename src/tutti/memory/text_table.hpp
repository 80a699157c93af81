// Tables of text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tutti::memory {

using TableRow = std::vector<std::string>;

/// One line for each row, columns as wide as their widest cell and two spaces apart: numbers end at the
/// right, the first `names` columns and the last `remarks` ones begin at the left.
/// @param rows  all as long as the first
std::string table(const std::vector<TableRow>& rows, std::size_t names, std::size_t remarks);

}  // namespace tutti::memory

// What this machine offers in memory, for `tutti doctor`.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tutti::cli {

/// Names and values, for people.
std::vector<std::pair<std::string, std::string>> memory_section();

}  // namespace tutti::cli

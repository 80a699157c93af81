// Results as JSON; the schemas are in docs/command_line.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"

namespace tutti::cli {

std::string dot_json(const World& world, const DotCommand& command, const FileDot& result,
                     const Memory& memory);
std::string stats_json(const World& world, const StatsCommand& command, const FileStatistics& result,
                       const Memory& memory);

/// Sections of names and values, as doctor finds them.
using Findings = std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>>;
std::string doctor_json(const Findings& findings);

}  // namespace tutti::cli

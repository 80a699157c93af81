// What `tutti inspect` says of a node.
#pragma once

#include <string>

#include "tutti/inspect/report.hpp"

namespace tutti::cli {

/// For people: some 20 lines.
std::string inspect_text(const inspect::NodeReport& report);

/// One JSON object and a newline: schema tutti-inspect/1 in docs/memory.md.
std::string inspect_json(const inspect::NodeReport& report);

}  // namespace tutti::cli

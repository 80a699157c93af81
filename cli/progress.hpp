// Progress of long work, on stderr.
#pragma once

#include <functional>

#include "cli/command_line.hpp"

namespace tutti::cli {

/// Tells progress once the work has taken 2 s: where the front end saw a terminal, one line that is renewed
/// at most 5 times a second; otherwise a plain line each 10 %. Nothing with --quiet.
std::function<void(double fraction)> progress_of(const Common& common, const std::string& what);

}  // namespace tutti::cli

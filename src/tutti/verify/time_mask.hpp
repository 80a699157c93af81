// The times in a line: `--mask time`.
#pragma once

#include <vector>

#include "tutti/verify/tokens.hpp"

namespace tutti::verify {

/// Turns into masked tokens:
///   a number and its unit of time:   0.25 s, 3ms, 2 minutes      (not: 1 min 2, 3 s = 4, where it is a name)
///   a number after a word for time:  time = 0.25, elapsed: 3, wall time (s) 4, seconds 5
///   a clock's time:                  12:34:56, 12:34:56.789
/// Units: s sec secs second seconds ms us µs ns min mins minute minutes h hr hrs hour hours. Words: time
/// times timing elapsed wall walltime wallclock clock second seconds sec secs duration runtime took, also at
/// the end of others (total_time).
void mask_times(std::vector<Token>& tokens);

}  // namespace tutti::verify

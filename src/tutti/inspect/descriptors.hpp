// Descriptors that a process has inherited.
#pragma once

#include <initializer_list>

namespace tutti::inspect {

/// Closes every descriptor of this process but `kept`. For helpers that are forked: what a launcher waits for
/// to be closed must not stay open in them.
void close_all_but(std::initializer_list<int> kept);

/// Makes `descriptor` lead to /dev/null.
void silence(int descriptor);

}  // namespace tutti::inspect

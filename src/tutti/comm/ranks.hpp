// What a rank is, under the MPI that tutti was built for.
#pragma once

#include "tutti/comm/built_for.hpp"

namespace tutti::comm {

/// Is each rank a process of its own? SimGrid simulates all ranks in one process and on one thread, which
/// runs a rank until it waits: so there can be no thread that watches, exit() is nobody's in particular, the
/// machine's cores and memory are not the ranks' (simulated ones are), and no wait may poll without end.
#if defined(TUTTI_FOR_SIMGRID)
inline constexpr bool ranks_are_processes = false;
#else
inline constexpr bool ranks_are_processes = true;
#endif

}  // namespace tutti::comm

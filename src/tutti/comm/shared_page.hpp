// How the ranks of a node come to share one page.
#pragma once

#include <mpi.h>

#include "tutti/comm/node_map.hpp"
#include "tutti/comm/watch_page.hpp"

namespace tutti::comm {

/// Collective over `all`. The page of this rank's node; where its ranks cannot share memory (another rank's
/// /proc is hidden, say), a page for each alone: then a waiting rank can tell that it waits, but not for
/// whom.
WatchPage shared_page(MPI_Comm all, const NodeMap& map, int rank);

}  // namespace tutti::comm

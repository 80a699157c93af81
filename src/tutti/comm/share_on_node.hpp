// How the ranks of a node come to share memory before there is a World.
#pragma once

#include <optional>

#include <mpi.h>

#include "tutti/comm/node_map.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::comm {

/// Collective over `all`. Fresh memory, all zero, that all ranks of this rank's node may write; nothing, on
/// all of them, where they cannot share memory (another rank's /proc is hidden, say).
std::optional<memory::SharedSegment> share_on_node(MPI_Comm all, const NodeMap& map, std::size_t bytes,
                                                   const char* name);

}  // namespace tutti::comm

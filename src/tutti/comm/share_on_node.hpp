// How the ranks of a node come to share memory before there is a World.
#pragma once

#include <optional>

#include "tutti/comm/channel.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::comm {

/// Collective over the ranks of a node. Fresh memory, all zero, that all of them may write; nothing, on all
/// of them, where they cannot share memory (another rank's /proc is hidden, say).
std::optional<memory::SharedSegment> share_on_node(Channel& node, std::size_t bytes, const char* name,
                                                   Waiting how);

}  // namespace tutti::comm

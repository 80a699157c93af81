// Moving the elements of one distribution to another: what redistribution, gather and scatter have in common.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "tutti/array/workspace.hpp"
#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/transition.hpp"

namespace tutti::array {

/// From where to where. `to` is null where every rank gets all elements.
struct Move {
  const Distribution& from;
  const Distribution* to;
  Workspace workspace;

  /// For the packet: ranks must agree on all of it.
  std::uint64_t hash() const;
};

/// Where a rank has its elements, and where it gets others; known when the rank has done what may fail.
struct Ends {
  const std::byte* source;
  std::byte* target;
};

/// Collective. One packet, then the messages. Memory that is needed meanwhile is booked under `what`.
/// @param prepare  checks, and allocates what it must; what it throws on one rank is thrown on all
/// @throws DistributionError if the workspace holds no element, BudgetError if the node has no room for it.
void move_elements(const World& world, const comm::Call& call, const Move& move, const std::string& what,
                   const std::function<Ends()>& prepare);

/// The bytes of workspace that move_elements() takes.
std::size_t workspace_needed(const Move& move, std::size_t element_bytes);

}  // namespace tutti::array

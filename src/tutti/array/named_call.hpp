// What the arrays of this room have in common.
#pragma once

#include <cstdint>
#include <string>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/text.hpp"

namespace tutti::array {

/// A call in which all ranks must name the same array. `name` must live as long as the call.
inline comm::Call named_call(const comm::Operation& operation, Site site, const comm::ElementName& element,
                             Index n, const std::string& name) {
  comm::Call call{operation, site, element, n};
  call.note = name;
  call.detail = core::hash(name);
  return call;
}

/// Bytes of `copies` arrays of n elements; at most INT64_MAX, which no node has.
/// @throws DistributionError for a negative n
inline std::uint64_t bytes_of(Index n, const comm::ElementName& element, const std::string& name,
                              int copies) {
  if (n < 0) throw DistributionError(text(name, ": ", n, " elements; give 0 or more"), {name, {n, 0}});
  return saturated(Uint128{static_cast<std::uint64_t>(n)} * element.bytes * static_cast<unsigned>(copies));
}

/// elements(rank) of all ranks of this node together.
template <class Elements>
Uint128 on_node(const World& world, const Elements& elements) {
  Uint128 sum = 0;
  for (int rank = 0; rank < world.size(); ++rank)
    if (world.node_of(rank) == world.node()) sum += static_cast<Uint128>(elements(rank));
  return sum;
}

}  // namespace tutti::array

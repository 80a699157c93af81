// Where the ranks of a World keep the particles.
#pragma once

#include <cstdint>
#include <string_view>

namespace tutti::simulation {

/// All give the same bits. Each rank computes the forces on its own particles, as many as any other rank has.
enum class Placement : std::uint8_t {
  automatic,    ///< the fastest of the others that is possible and fits the memory: spatial, node-shared,
                ///< replicated
  replicated,   ///< every rank has the positions of all particles
  node_shared,  ///< every node has them, once for all of its ranks
  spatial       ///< a rank has those of its part of the box, and those near it
};

/// "auto", "replicated", "node-shared", "spatial".
const char* name(Placement placement);
/// @throws UsageError for any other name
Placement placement_named(std::string_view name);

}  // namespace tutti::simulation

// What a simulation will hold in memory, before it is made: for forecasts, and to choose a placement.
#pragma once

#include <vector>

#include "tutti/forecast/job.hpp"
#include "tutti/molecular/dynamics.hpp"
#include "tutti/simulation/placement.hpp"

namespace tutti::simulation {

/// The arrays of a run, under the names that the ledger has for them. Exact for positions, momenta and forces
/// of evenly divided particles; neighbours and halos as of a fluid that fills the box evenly.
/// @param placement  replicated, node_shared or spatial; spatial on more ranks than there are cells is taken
/// for
///                   node_shared, as Simulation does
std::vector<forecast::Array> arrays_of(const molecular::DynamicsSetup& setup, Index particles, int ranks,
                                       Placement placement);

/// The most that one rank and one node take of it.
struct Need {
  std::uint64_t rank_bytes = 0;  ///< of a rank for itself
  std::uint64_t node_bytes = 0;  ///< of a node, whatever its number of ranks
};
Need need_of(const std::vector<forecast::Array>& arrays, int ranks);

}  // namespace tutti::simulation

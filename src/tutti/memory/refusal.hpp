// What a user is told whose allocation does not fit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tutti/core/error.hpp"
#include "tutti/memory/budget.hpp"
#include "tutti/memory/ledger.hpp"

namespace tutti::memory {

/// What is known where an allocation is refused.
struct Refused {
  const Holding& wanted;
  const Limit& limit;
  std::uint64_t used = 0;  ///< of the limit, by all ranks of the node
  bool given = false;      ///< the limit is one that somebody gave, and may raise
  std::string node;        ///< empty: unknown
  int node_size = 1;       ///< ranks on it
  std::vector<Holding> holdings;
};

/// "forces: 134217728 elements of 8 bytes need 1.00 GiB on node n12 with 4 ranks, 3.50 GiB of the budget
/// of 4.00 GiB (TUTTI_MEMORY_BUDGET) are used; largest: coordinates 2.00 GiB (replicated); share coordinates
/// (NodeShared): 2.00 GiB -> 512.00 MiB per node"
BudgetError refusal(const Refused& refused);

}  // namespace tutti::memory

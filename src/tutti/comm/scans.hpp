// Scans of one value a rank: what the ranks before, or up to, each have together.
#pragma once

#include <functional>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti {

/// Collective. The exact sum of the values of ranks 0 .. rank() - 1, rounded once; 0 on rank 0. One packet,
/// and at most log2(P) messages of 1112 B a rank.
/// @throws what another rank threw before this call, on all ranks; RemoteError for foreign exceptions.
double exclusive_scan(const World& world, double value, Site site = {});
/// Collective. The same with this rank's own value: of ranks 0 .. rank().
double inclusive_scan(const World& world, double value, Site site = {});

/// Collective. The same, unrounded, of sums: for further exact arithmetic.
ExactSum exclusive_scan(const World& world, const ExactSum& part, Site site = {});
ExactSum inclusive_scan(const World& world, const ExactSum& part, Site site = {});

/// Collective. The same of integers: where this rank's part begins in what all ranks have. One packet, and
/// at most log2(P) messages of 16 B a rank; a second packet where results might not fit.
/// @throws RangeError on all ranks if the result of one does not fit 64 bits.
Index exclusive_scan(const World& world, Index value, Site site = {});
Index inclusive_scan(const World& world, Index value, Site site = {});
inline Index exclusive_scan(const World& world, int value, Site site = {}) {
  return exclusive_scan(world, Index{value}, site);
}
inline Index inclusive_scan(const World& world, int value, Site site = {}) {
  return inclusive_scan(world, Index{value}, site);
}

namespace comm {

/// Collective. The sum of the parts of ranks 0 .. rank() - 1. `part` may throw: then all ranks do.
ExactSum sum_before(const World& world, const Call& call, const std::function<ExactSum()>& part);

}  // namespace comm

}  // namespace tutti

// Which pages several ranks have, from the hashes of each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tutti::inspect {

/// Pages of the same hash on several ranks: the same contents, if the bytes agree.
struct ReplicaGroup {
  std::uint64_t hash = 0;
  std::uint32_t holders = 0;  ///< ranks that have it, at least 2
  std::uint32_t reference =
      0;  ///< the rank with whose bytes the others compare; any of them, so that all share
          ///  the work
};

/// @param hashes  of each rank: ascending, each value once
/// @return ascending by hash. Time grows as N log P for N hashes on P ranks.
///
/// @example ranks with {1, 5, 9}, {5, 7}, {5, 9}: {5 on 3 ranks}, {9 on 2 ranks}
std::vector<ReplicaGroup> find_replicas(std::span<const std::span<const std::uint64_t>> hashes);

/// What a rank has to do with a group: it holds page `page` (an index into its hashes) of group `group`.
struct Holding {
  std::uint32_t group = 0;
  std::uint32_t page = 0;
};

/// The groups of which `hashes` has a page, ascending.
/// @param hashes  ascending, each value once
template <class Hashes, class HashOf>
std::vector<Holding> holdings(std::span<const ReplicaGroup> groups, const Hashes& hashes, HashOf hash_of) {
  std::vector<Holding> result;
  std::size_t page = 0;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    while (page < hashes.size() && hash_of(hashes[page]) < groups[group].hash) ++page;
    if (page < hashes.size() && hash_of(hashes[page]) == groups[group].hash)
      result.push_back({static_cast<std::uint32_t>(group), static_cast<std::uint32_t>(page)});
  }
  return result;
}

}  // namespace tutti::inspect

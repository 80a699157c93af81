#include "tutti/inspect/replicas.hpp"

#include <queue>

#include "tutti/core/integer.hpp"

namespace tutti::inspect {

namespace {

// The next hash of one rank.
struct Head {
  std::uint64_t hash = 0;
  std::uint32_t rank = 0;
  std::size_t position = 0;
};

// The smallest hash first; of equal ones the lowest rank.
bool later(const Head& a, const Head& b) { return a.hash != b.hash ? a.hash > b.hash : a.rank > b.rank; }

}  // namespace

std::vector<ReplicaGroup> find_replicas(std::span<const std::span<const std::uint64_t>> hashes) {
  std::priority_queue<Head, std::vector<Head>, decltype(&later)> heads(&later);
  for (std::size_t rank = 0; rank < hashes.size(); ++rank)
    if (!hashes[rank].empty()) heads.push({hashes[rank][0], checked_cast<std::uint32_t>(rank), 0});
  std::vector<ReplicaGroup> groups;
  std::vector<std::uint32_t> holders;
  while (!heads.empty()) {
    const std::uint64_t hash = heads.top().hash;
    holders.clear();
    while (!heads.empty() && heads.top().hash == hash) {
      Head head = heads.top();
      heads.pop();
      holders.push_back(head.rank);
      if (++head.position == hashes[head.rank].size()) continue;
      head.hash = hashes[head.rank][head.position];
      heads.push(head);
    }
    const std::size_t count = holders.size();
    if (count >= 2) groups.push_back({hash, static_cast<std::uint32_t>(count), holders[hash % count]});
  }
  return groups;
}

}  // namespace tutti::inspect

// Memory that the ranks of a World make together: booked on every node before it is allocated, and shared by
// the ranks of a node. For the rooms above, which must not see MPI.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tutti/comm/call.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/ledger.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::comm {

/// Collective. Enters what `describe` returns into the ledger, on all ranks or on none, before anything is
/// allocated: one rank of each node reserves what all of them need. One packet; two more where a node
/// seems full, since some of its ranks may yet have to give back what they had.
/// @param describe  checks and returns this rank's part (rank_bytes) and its node's (node_bytes)
/// @throws BudgetError on all ranks if a node has no room; what `describe` throws on one rank, on all.
memory::Booking book(const World& world, const Call& call, const std::function<memory::Holding()>& describe);

/// A mapping that ends with the first collective after the last of its owners: destructors never communicate,
/// and the ranks of a node come to theirs one after another.
using NodeSegment = std::shared_ptr<memory::SharedSegment>;
NodeSegment until_next_collective(const World& world, memory::SharedSegment segment);

/// Memory that the ranks of a node share, and its entry in the ledger, which is to end before it.
struct NodeMemory {
  NodeSegment segment;
  memory::Booking booking;
};

/// Collective. Fresh memory, all zero, one for the ranks of each node: booked as by book(), made by the
/// lowest of them, mapped by the others. Two packets.
/// @param describe  as of book(); the memory has its name and its node_bytes
/// @param prepare  runs on every rank that has mapped the memory; together, the ranks of a node must allocate
/// all of it. What it throws is thrown on all
/// @throws as book(); SystemError on all ranks if the system refuses on one of them, or hides the ranks of a
/// node from each other.
NodeMemory share(const World& world, const Call& call, const std::function<memory::Holding()>& describe,
                 const std::function<void(memory::SharedSegment&)>& prepare);

/// n things of equal size in memory shared by the ranks of each node, and the part of them, its stripe, that
/// each rank of the World fills. The stripes of one node lie side by side: the first n / P (rounded) belong
/// to the first rank of node 0, and so on.
///
/// n = 10, ranks 0 and 2 on node 0, ranks 1 and 3 on node 1:   index 0 1 2 3 4 5 6 7 8 9
///                                                             rank  0 0 0 2 2 2 1 1 3 3
class Stripes {
 public:
  /// Not collective. `all` stays where it is as long as stripes are exchanged in it.
  Stripes(const World& world, Index n, std::span<std::byte> all);

  Range mine() const { return mine_; }

  /// Allocates what this rank writes: its own stripe, and those that it takes from other nodes. The ranks of
  /// a node together write all.
  void allocate(memory::SharedSegment& segment) const;

  /// Collective. What follows a packet: every rank has filled its stripe. Each stripe travels once to every
  /// other node, from its rank to one there; nothing is sent on one node. (nodes - 1) * n / P things leave
  /// each rank.
  void exchange(const World& world) const;

 private:
  Range mine_{};
  std::span<const std::byte> my_bytes_;
  std::vector<Bytes> send_, receive_;  // one for each rank; none on one node
};

}  // namespace tutti::comm

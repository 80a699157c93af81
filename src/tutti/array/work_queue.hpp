// WorkQueue: items of work that take unequal and unforeseeable times, handed out as ranks become free.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "tutti/comm/call.hpp"
#include "tutti/comm/tickets.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/distribution.hpp"

namespace tutti {

/// Items 0 .. n - 1, each of which exactly one rank gets: whichever asks next. (The shared counter that
/// quantum chemistry calls nxtval.) Who gets what differs from run to run. A result does not if it is
/// combined exactly: ExactAccumulator, integers, minima.
///
///     WorkQueue pairs(world, n);
///     ExactAccumulator energy;
///     pairs.for_each([&](Index i) { energy += interaction(i); });
///     const double total = sum(world, energy);                  // the same bits in every run
///
/// A rank that fails in the loop, or is asked to end by a signal, leaves the other items to the others, who
/// hear of it in their next collective. Move-only.
class WorkQueue {
 public:
  /// Collective. Two packets.
  /// @param n      items, >= 0
  /// @param chunk  items that are handed out at a time, >= 1: the more, the less asking, and the less even
  ///               the ends. Without it, n / (32 P), at least 1.
  /// @throws DistributionError on all ranks for another n or chunk; MismatchError if ranks give different
  ///         ones; as comm::Tickets.
  WorkQueue(const World& world, Index n, std::string name = "work queue", Site site = {})
      : WorkQueue(world, n, std::optional<Index>(), std::move(name), site) {}
  WorkQueue(const World& world, Index n, Index chunk, std::string name = "work queue", Site site = {})
      : WorkQueue(world, n, std::optional<Index>(chunk), std::move(name), site) {}

  const World& world() const { return world_; }
  const std::string& name() const { return name_; }
  Index size() const { return n_; }       ///< items
  Index chunk() const { return chunk_; }  ///< items that are handed out at a time

  /// Not collective. The next items, which no other rank gets; none (count 0) when all have been handed out.
  /// Also none if this rank is asked to end: then the next collective throws InterruptedError on all ranks.
  /// 20 ns on one node; between nodes, one operation of MPI (docs/arrays.md says when that waits).
  /// @throws DistributionError on this rank after the end of the World
  Range next();
  /// Not collective. f(i) for the items that fall to this rank, until none are left.
  template <class F>
  void for_each(F&& f) {
    for (Range range = next(); range.count > 0; range = next())
      for (std::size_t k = 0; k < range.count; ++k) {
        f(range.first + static_cast<Index>(k));
        tickets_.attend();
      }
  }
  /// Collective. Hands out all items again. One packet.
  void reset(Site site = {});

 private:
  WorkQueue(const World& world, Index n, std::optional<Index> chunk, std::string name, Site site);
  comm::Call call(const comm::Operation& operation, Site site) const;

  World world_;
  std::string name_;
  Index n_, chunk_;
  comm::Tickets tickets_;
  bool empty_ = false;  ///< this rank has been told that none are left
};

}  // namespace tutti

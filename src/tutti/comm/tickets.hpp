// Tickets: the numbers 0, 1, 2 ..., of which any rank draws the next one at any time, and no other rank gets
// the same.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

/// A counter that all ranks share: in memory that they share where they are all on one node; else in a window
/// of the World's first rank, by MPI's one-sided operations. Destructors do not communicate: the memory goes
/// with a later collective, and the window, one for all counters of a World, with the World.
///
/// draw() waits for nobody on one node. Elsewhere it may wait until the first rank is in MPI, whatever MPI it
/// is in, unless the network does without (docs/arrays.md).
class Tickets {
 public:
  /// Collective. Two packets; where it is the first in a window, that as well. @param check  what this rank
  /// must see to first; what it throws, all throw
  /// @throws SystemError, BudgetError on all ranks if there is no memory for it; DistributionError on all
  /// ranks if a World of several nodes has more than 256 of them at once.
  Tickets(const World& world, const Call& call, const std::function<void()>& check);
  Tickets(Tickets&&) noexcept;
  Tickets& operator=(Tickets&&) noexcept;
  Tickets(const Tickets&) = delete;
  Tickets& operator=(const Tickets&) = delete;
  ~Tickets();

  /// Not collective. @return nothing if this rank is asked to end: the next collective tells all ranks.
  std::optional<Index> draw();
  /// Not collective. To be called now and then while others draw: lets MPI answer them on the first rank.
  void attend() const;
  /// Collective. From now on they begin at 0 again. One packet.
  void reset(const Call& call);

  /// Where they are kept.
  class Source;

 private:
  World world_;
  std::uint64_t id_;  ///< the same on all ranks: of equal queues, ranks must reset the same one
  std::unique_ptr<Source> source_;
  int turn_ = 0;  ///< which of its two counters counts
};

}  // namespace tutti::comm

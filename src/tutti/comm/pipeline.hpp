// An exchange in stages, of which several are under way at once: for what is packed and unpacked piece by
// piece in bounded memory. For the rooms above, which must not see MPI.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "tutti/comm/call.hpp"
#include "tutti/comm/exchange.hpp"
#include "tutti/comm/world.hpp"

namespace tutti::comm {

/// What a rank does in each stage. None of the functions may throw; all ranks have equally many stages, and
/// what one sends another in a stage is what that one expects there, in the same order.
class Stages {
 public:
  /// What the memory for the messages depends on.
  struct Limits {
    std::size_t depth;     ///< stages under way at once, at least 1
    std::size_t messages;  ///< of a stage in each direction, at most
    std::size_t bytes;     ///< of a message, at most
  };

  Stages() = default;
  Stages(const Stages&) = delete;
  Stages& operator=(const Stages&) = delete;
  virtual ~Stages() = default;

  virtual std::size_t count() const = 0;
  virtual Limits limits() const = 0;

  /// Adds what this rank receives in a stage. Memory of the stage `depth` before it is free again: that one
  /// is finished, and its messages are sent.
  virtual void expect(std::size_t stage, std::vector<Message>& receives) = 0;
  /// Packs, and adds what this rank sends. They must rest until the memory is free, as above.
  virtual void send(std::size_t stage, std::vector<Message>& sends) = 0;
  /// All that was expected in the stage has come: unpacks it.
  virtual void finish(std::size_t stage) = 0;
};

/// Collective. One packet, then the messages of all stages, in pieces of at most 1 GiB.
///
/// For each stage in turn a rank posts its receives, sends, and then waits for the receives of the stage
/// `depth` - 1 before. That cannot deadlock, whatever the depth: among the ranks that wait, look at the one
/// that is at the earliest place of this program. All it waits for, others have posted before they came to
/// where they are.
/// @param prepare  makes the stages, on each rank alone; what it throws on one rank is thrown on all
void exchange_in_stages(const World& world, const Call& call,
                        const std::function<std::unique_ptr<Stages>()>& prepare);

}  // namespace tutti::comm

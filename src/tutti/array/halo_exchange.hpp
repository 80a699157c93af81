// How the ghosts of an array come: what is copied on each rank, what is packed, what travels.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tutti/comm/call.hpp"
#include "tutti/comm/exchange_plan.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/ghosts.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::array {

/// A rank's elements and ghosts in memory, whatever their type.
template <std::size_t N>
struct Cells {
  std::byte* data;  ///< the one with the lowest indices
  Box<N> box;       ///< local indices
  comm::ElementName element;
};

/// A box of bytes that is copied. Rows lie side by side on both sides.
struct BoxCopy {
  std::byte* from;  ///< only read
  std::byte* to;
  std::array<std::size_t, 2> counts;  ///< planes, and rows of a plane
  std::array<std::size_t, 2> from_steps, to_steps;
  std::size_t row_bytes;
};
void copy(const BoxCopy& box);

/// The exchange of one HaloArray. A large piece of ghosts (16 KiB or more) is a message of its own, which is
/// read from and written to the array itself, without a copy, where it lies together there: as faces across
/// the first axis do. The small ones of a pair of ranks, edges and corners mostly, are packed into one
/// message.
class HaloExchange {
 public:
  /// Collective. One packet. @param memory  keeps the cells
  /// @throws BudgetError, SystemError on all ranks if there is no room for what is packed.
  template <std::size_t N>
  HaloExchange(const World& world, const std::string& name, const GridDistribution<N>& distribution,
               const Halo<N>& halo, const Cells<N>& cells, std::shared_ptr<void> memory, Site site);

  /// Collective. One packet, then the messages are under way.
  void begin(const std::string& name, Site site);
  /// Not collective. Waits for them. @throws DistributionError if there was no begin().
  void end(const std::string& name);
  bool under_way() const { return plan_->under_way(); }

 private:
  /// What is packed, and the array, as long as messages need them.
  struct Room {
    memory::Buffer<std::byte> bytes;
    std::shared_ptr<void> cells;
  };

  template <std::size_t N>
  void prepare(const distribution::Ghosts<N>& ghosts, const Cells<N>& cells, int rank,
               const std::function<memory::Buffer<std::byte>(std::size_t)>& allocate);
  comm::Call call(const std::string& name, Site site) const;

  comm::ElementName element_;
  std::vector<BoxCopy> copies_, packs_, unpacks_;
  std::vector<comm::Message> sends_, receives_;
  std::shared_ptr<Room> room_;
  std::optional<comm::ExchangePlan> plan_;
};

}  // namespace tutti::array

// Replicated: data of which every rank keeps its own whole copy.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti {

namespace array {
/// Collective. Agrees that all ranks make the same array, and books a whole copy for each rank.
memory::Booking book_replicated(const World& world, const comm::ElementName& element, Index n,
                                const std::string& name, Site site);
/// Collective. All ranks are in the same publish(), and f succeeds on all of them.
void fill_replicated(const World& world, const comm::ElementName& element, Index n, const std::string& name,
                     const std::function<void()>& fill, Site site);
}  // namespace array

/// n elements, all of them on every rank: right for what is small, or what each rank changes for itself. The
/// ledger books a copy for each rank (category replicated), so that the waste is seen; where all ranks only
/// read, NodeShared is the same with one copy per node, and has the same publish() and view(). Move-only.
///
/// @tparam T  any trivially copyable type
template <Movable T>
class Replicated {
 public:
  /// Collective. All elements zero. One packet to agree, one to know that all ranks got their memory.
  /// @param n  elements, >= 0; the same on all ranks, as T and name
  /// @throws BudgetError on all ranks, before anything is allocated, if a node has no room for the copies of
  ///         its ranks; SystemError if the system refuses; MismatchError if ranks give different n, T or
  ///         names.
  Replicated(const World& world, Index n, std::string name = "replicated array", Site site = {})
      : world_(world), name_(std::move(name)), memory_(allocate(n, site)) {}

  const World& world() const { return world_; }
  const std::string& name() const { return name_; }
  Index size() const { return static_cast<Index>(memory_.size()); }

  /// Collective. Each rank fills its whole copy: f(all, 0), so all of them do the same work. One packet.
  /// @throws what f threw on the lowest rank, on all ranks.
  template <class F>
  requires std::is_invocable_v<F&, std::span<T>, Index>
  void publish(F&& f, Site site = {}) {
    array::fill_replicated(
        world_, comm::element_name<T>(), size(), name_, [&] { f(local(), Index{0}); }, site);
  }

  /// Collective. Every copy becomes the one of rank `root`. One packet and a broadcast.
  void broadcast(int root, Site site = {}) { tutti::broadcast(world_, local(), root, site); }

  /// This rank's copy.
  std::span<T> local() { return memory_.span(); }
  std::span<const T> local() const { return memory_.span(); }
  std::span<const T> view() const { return memory_.span(); }

 private:
  memory::Buffer<T> allocate(Index n, Site site) {
    memory::Booking booking = array::book_replicated(world_, comm::element_name<T>(), n, name_, site);
    return world_.together(
        "allocate " + name_,
        [&] { return memory::Buffer<T>(static_cast<std::size_t>(n), name_, std::move(booking)); }, site);
  }

  World world_;
  std::string name_;
  memory::Buffer<T> memory_;
};

}  // namespace tutti

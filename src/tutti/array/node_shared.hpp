// NodeShared: data that every rank needs, stored once on each node.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "tutti/array/node_array.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/world.hpp"

namespace tutti {

/// n elements of which each node has one copy, however many ranks run on it. Written once, by all ranks
/// together, then read-only: a write through view() is a segmentation fault.
///
///     NodeShared<double> coordinates(world, 3 * atoms, "coordinates");
///     coordinates.publish([&](std::span<double> part, Index first) { file.read(first, part); });
///     const std::span<const double> r = coordinates.view();
///
/// The memory lives in no file system: a small /dev/shm does not limit it, and nothing is left behind,
/// whatever ends the ranks. All of it is allocated by the constructor, so that no later access fails
/// (SIGBUS). The ledger books it once per node (category node-shared). Move-only.
///
/// @tparam T  any trivially copyable type, without pointers: addresses differ between ranks
template <Movable T>
class NodeShared {
 public:
  /// Collective. All elements zero, and not yet to be seen. Two packets.
  /// @param n  elements, >= 0; the same on all ranks, as T and name
  /// @param name  for error messages, ledger and forecast
  /// @throws BudgetError on all ranks, before anything is allocated, if a node has no room for it;
  ///         SystemError if the system refuses, or hides the ranks of a node from each other; MismatchError
  ///         if ranks give different n, T or names.
  NodeShared(const World& world, Index n, std::string name = "node-shared array",
             Placement placement = Placement::per_node, Site site = {})
      : array_(world, comm::element_name<T>(), n, std::move(name), placement, array::NodeArray::Filled::once,
               site) {}

  const World& world() const { return array_.world(); }
  const std::string& name() const { return array_.name(); }
  Index size() const { return array_.size(); }

  /// Collective. Every rank of the World fills one stripe: f(part, first) writes elements first, first + 1
  /// ... to `part`, about n / P of them (none where n < P: f is called nevertheless). On one node, one
  /// packet; otherwise two, and every stripe travels once to each other node.
  /// @throws what f threw on the lowest rank, on all ranks; nothing is published then, and publish() may be
  ///         called again; DistributionError if it is published already.
  template <class F>
  requires std::is_invocable_v<F&, std::span<T>, Index>
  void publish(F&& f, Site site = {}) {
    array_.publish(
        [&](std::byte* part, Range range) {
          f(std::span<T>(reinterpret_cast<T*>(part), range.count), range.first);
        },
        site);
  }

  /// Not collective. All n elements, the same on all ranks; at another address on each of them.
  /// @throws DistributionError before publish()
  std::span<const T> view() const {
    return {reinterpret_cast<const T*>(array_.view().data()), static_cast<std::size_t>(size())};
  }
  bool published() const { return array_.readable(); }

 private:
  static_assert(alignof(T) <= 4096, "memory is aligned to pages");
  array::NodeArray array_;
};

}  // namespace tutti

// UpdatableNodeShared: data that every rank needs and that changes at every step, stored once on each node.
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

/// A NodeShared that is filled again and again: the positions of the particles at each time step. Phases of
/// writing, update(), and of reading alternate on all ranks; a write through view() is a segmentation fault.
///
///     UpdatableNodeShared<double> positions(world, 3 * atoms, "positions");
///     for (int step = 0; step < steps; ++step) {
///       positions.update([&](std::span<double> part, Index first) { move(part, first); });
///       forces(positions.view());
///     }
///
/// Everything else is as in NodeShared; each rank maps the memory twice, to write and to read, so that a step
/// does not touch the page tables.
template <Movable T>
class UpdatableNodeShared {
 public:
  /// Collective. As NodeShared.
  UpdatableNodeShared(const World& world, Index n, std::string name = "updatable node-shared array",
                      Placement placement = Placement::per_node, Site site = {})
      : array_(world, comm::element_name<T>(), n, std::move(name), placement,
               array::NodeArray::Filled::repeatedly, site) {}

  const World& world() const { return array_.world(); }
  const std::string& name() const { return array_.name(); }
  Index size() const { return array_.size(); }

  /// Collective. Waits until all ranks have ended reading (they are in this call, too); then every rank fills
  /// one stripe: f(part, first) finds there what it was, and changes elements first, first + 1 ... On one
  /// node, two packets; otherwise three, and every stripe travels once to each other node.
  /// @throws what f threw on the lowest rank, on all ranks; the elements are then partly old and partly new,
  ///         so view() throws until an update() has succeeded.
  template <class F>
  requires std::is_invocable_v<F&, std::span<T>, Index>
  void update(F&& f, Site site = {}) {
    array_.update([&](std::byte* part,
                      Range range) { f(std::span<T>(reinterpret_cast<T*>(part), range.count), range.first); },
                  site);
  }

  /// Not collective. All n elements, the same on all ranks, until they call update(); always at the same
  /// address on this rank.
  /// @throws DistributionError before the first update()
  std::span<const T> view() const {
    return {reinterpret_cast<const T*>(array_.view().data()), static_cast<std::size_t>(size())};
  }

 private:
  static_assert(alignof(T) <= 4096, "memory is aligned to pages");
  array::NodeArray array_;
};

}  // namespace tutti

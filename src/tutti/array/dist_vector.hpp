// DistVector: a vector of which each rank stores its own part.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "tutti/array/operand.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti {

namespace array {
/// Collective. Agrees that all ranks make the same vector, and books it where every node has room for it.
memory::Booking book_vector(const World& world, const comm::ElementName& element, Index n,
                            const Layout& layout, const std::string& name, Site site);
}  // namespace array

/// n elements, divided among the ranks of a World by a layout. A rank stores its own local_size elements, in
/// the order of their global indices, and nothing else. Move-only: memory is never copied behind the user's
/// back.
///
/// n = 10, cyclic on 3 ranks:   rank 0 stores x[0] x[3] x[6] x[9], rank 1 x[1] x[4] x[7], rank 2 x[2] x[5]
/// x[8]
///
/// @tparam T  any trivially copyable type; the reductions of reductions.hpp know float, double, int32, int64,
/// uint64
template <Movable T>
class DistVector {
 public:
  using Element = T;

  /// Collective. All elements zero. One packet to agree, one to know that all ranks got their memory.
  /// @param name  for error messages, ledger and forecast
  /// @throws BudgetError on all ranks, before anything is allocated, if a node has no room for its ranks'
  /// parts;
  ///         SystemError if the system refuses; MismatchError if ranks give different n or layouts.
  DistVector(const World& world, Index n, const Layout& layout = block, std::string name = "vector",
             Site site = {})
      : world_(world),
        name_(std::move(name)),
        distribution_(tutti::block, 0, 1),
        memory_(allocate(n, layout, site)) {}
  DistVector(const World& world, Index n, std::string name, Site site = {})
      : DistVector(world, n, block, std::move(name), site) {}

  const World& world() const { return world_; }
  const std::string& name() const { return name_; }
  const Distribution& distribution() const { return distribution_; }
  Index size() const { return distribution_.size(); }  ///< elements on all ranks together

  /// This rank's elements; local()[l] is element distribution().to_global(world().rank(), l).
  std::span<T> local() { return memory_.span(); }
  std::span<const T> local() const { return memory_.span(); }

  /// For reductions.
  array::Operand<T> operand() const { return {world_, name_, distribution_, local()}; }

  /// Not collective. Every element of this rank becomes f(its global index): the same vector on any number of
  /// ranks.
  template <class F>
  requires std::convertible_to<std::invoke_result_t<F&, Index>, T>
  void fill(F f) {
    const std::span<T> mine = local();
    for (std::size_t l = 0; l < mine.size();) {
      const Range run = distribution_.run(world_.rank(), l);
      for (std::size_t i = 0; i < run.count; ++i) mine[l++] = f(run.first + static_cast<Index>(i));
    }
  }

 private:
  memory::Buffer<T> allocate(Index n, const Layout& layout, Site site) {
    memory::Booking booking = array::book_vector(world_, comm::element_name<T>(), n, layout, name_, site);
    distribution_ = Distribution(layout, n, world_.size());
    return world_.together(
        "allocate " + name_,
        [&] { return memory::Buffer<T>(distribution_.local_size(world_.rank()), name_, std::move(booking)); },
        site);
  }

  World world_;
  std::string name_;
  Distribution distribution_;
  memory::Buffer<T> memory_;
};

}  // namespace tutti

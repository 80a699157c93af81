// What the arrays of one to three axes have in common: each rank keeps one box of elements, maybe with room
// around it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tutti/array/operand.hpp"
#include "tutti/array/strided_view.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/ghosts.hpp"
#include "tutti/distribution/grid_distribution.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti {
namespace array {

/// What the user wants; ranks might want different things.
template <std::size_t N>
struct WantedArray {
  Shape<N> shape;
  std::optional<ProcessGrid<N>> grid;  ///< nothing: the best one
  std::optional<Halo<N>> halo;
};

/// An array that all ranks agree on.
template <std::size_t N>
struct BookedArray {
  GridDistribution<N> distribution;
  Box<N> box;                   ///< of this rank, local indices, with the ghosts
  memory::Booking owned, halo;  ///< entries of the ledger
};

/// Collective. Agrees that all ranks make the same array, and books it where every node has room for it. One
/// packet, two with a halo.
template <std::size_t N>
BookedArray<N> book_array(const World& world, const comm::ElementName& element, const WantedArray<N>& wanted,
                          const std::string& name, Site site);

template <std::size_t>
using IndexOf = Index;
template <class F, class T, std::size_t... axis>
constexpr bool takes_indices(std::index_sequence<axis...> /*axes*/) {
  return std::is_invocable_r_v<T, F&, IndexOf<axis>...>;
}
/// f(i), f(i, j) or f(i, j, k) is a T.
template <class F, class T, std::size_t N>
concept FunctionOfIndices = takes_indices<F, T>(std::make_index_sequence<N>());

}  // namespace array

/// Base of DistArray and HaloArray. Move-only: memory is never copied behind the user's back.
template <Movable T, std::size_t N>
class GridArray {
  static_assert(N >= 1 && N <= 3, "arrays have one to three axes");

 public:
  using Element = T;
  static constexpr std::size_t axes = N;

  const World& world() const { return world_; }
  const std::string& name() const { return name_; }
  const GridDistribution<N>& distribution() const { return distribution_; }
  const Shape<N>& shape() const { return distribution_.shape(); }
  Index size() const { return distribution_.size(); }  ///< elements on all ranks together
  /// The global indices of this rank's elements.
  Box<N> box() const { return distribution_.box(world_.rank()); }

  /// This rank's elements, by local indices: local()(i, j, k) is element (box().first[0] + i, ...). They
  /// begin at 0; local().counted_from(box().first) has global ones.
  StridedView<T, N> local() { return owned_; }
  StridedView<const T, N> local() const { return owned_; }

  /// For reductions.
  array::Operand<T> operand() const { return {world_, name_, distribution_, local()}; }

  /// Not collective. Every element of this rank becomes f of its global indices, f(i, j, k): the same array
  /// on any number of ranks.
  template <class F>
  requires array::FunctionOfIndices<F, T, N>
  void fill(F f) { fill(owned_, f); }

 protected:
  GridArray(const World& world, const array::WantedArray<N>& wanted, std::string name, Site site)
      : world_(world), name_(std::move(name)), distribution_(Shape<N>{}, 1) {
    array::BookedArray<N> booked = array::book_array(world_, comm::element_name<T>(), wanted, name_, site);
    distribution_ = booked.distribution;
    memory_ = world_.together(
        "allocate " + name_, [&] { return allocate(booked); }, site);
    std::array<Index, N> steps{};
    steps[N - 1] = 1;
    for (std::size_t a = N - 1; a-- > 0;) steps[a] = steps[a + 1] * booked.box.extent[a + 1];
    all_ = {memory_->elements.data(), booked.box, steps};
    const Box<N> owned{{}, box().extent};
    owned_ = owned.size() > 0 ? all_.part(owned) : StridedView<T, N>(all_.data(), owned, steps);
  }
  GridArray(GridArray&&) noexcept = default;
  GridArray& operator=(GridArray&&) noexcept = default;
  GridArray(const GridArray&) = delete;
  GridArray& operator=(const GridArray&) = delete;
  ~GridArray() = default;

  /// Every element of a view with local indices becomes f of its global ones.
  template <class F>
  void fill(const StridedView<T, N>& view, F& f) {
    const Box<N> mine = box();
    for_each_row(view.box(), [&](Indices<N> i) {
      T* const row = view.row(i).data();
      for (std::size_t a = 0; a < N; ++a) i[a] += mine.first[a];
      for (Index k = 0; k < view.extent(N - 1); ++k, ++i[N - 1]) row[k] = std::apply(f, i);
    });
  }

  /// Messages that are under way may need it longer than the array lives.
  struct Memory {
    memory::Buffer<T> elements;
    memory::Booking halo;
  };

  World world_;
  std::string name_;
  GridDistribution<N> distribution_;
  std::shared_ptr<Memory> memory_;
  StridedView<T, N> all_, owned_;  ///< with the ghosts, and without

 private:
  std::shared_ptr<Memory> allocate(array::BookedArray<N>& booked) const {
    const auto elements = static_cast<std::size_t>(booked.box.size());
    return std::make_shared<Memory>(
        Memory{memory::Buffer<T>(elements, name_, std::move(booked.owned)), std::move(booked.halo)});
  }
};

}  // namespace tutti

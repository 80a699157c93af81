// HaloArray: a distributed array whose ranks keep copies of what lies around their boxes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tutti/array/grid_array.hpp"
#include "tutti/array/halo_exchange.hpp"

namespace tutti {

/// A DistArray with ghosts: layers around each rank's box, into which exchange() brings what the owners hold.
/// Edges and corners are among them. Any width, also more than the neighbours own; any shape and grid, also
/// with ranks that own nothing; periodic axes also on one rank.
///
///     HaloArray<double, 3> u(world, {nx, ny, nz}, 1, "u");             // one layer, open ends
///     u.fill([](Index i, Index j, Index k) { return ...; });
///     u.exchange();
///     const auto v = u.with_ghosts();                                  // indices from -1 on
///     for (Index i = 0; i < u.local().extent(0); ++i) ... v(i - 1, j, k) + v(i + 1, j, k) ...
///
/// Layers beyond an open end are boundary values: zero at first, the user's to write, by fill_boundary() say.
/// They belong to the rank beside them, and exchange() brings them to its neighbours like its elements. So
/// after an exchange each rank sees a part of the same array with the same boundary, whatever the grid, and
/// what is computed from it has the same bits. Reductions take the elements only, each of them once.
template <Movable T, std::size_t N>
class HaloArray : public GridArray<T, N> {
  using Base = GridArray<T, N>;

 public:
  /// Collective. All elements and ghosts zero; on the grid that suits the shape best (ProcessGrid::best).
  /// Four packets.
  /// @param shape  elements along each axis, 1 or more
  /// @param halo   1, {2, Ends::periodic}, or widths and ends axis by axis
  /// @throws on all ranks: ShapeError for a shape or a width that is none, else as DistArray.
  HaloArray(const World& world, const Shape<N>& shape, const Halo<N>& halo, std::string name = "halo array",
            Site site = {})
      : HaloArray(world, {shape, std::nullopt, halo}, std::move(name), site) {}
  /// The same on a grid of the user's.
  HaloArray(const World& world, const Shape<N>& shape, const ProcessGrid<N>& grid, const Halo<N>& halo,
            std::string name = "halo array", Site site = {})
      : HaloArray(world, {shape, grid, halo}, std::move(name), site) {}
  /// The same, divided like another array.
  HaloArray(const World& world, const GridDistribution<N>& like, const Halo<N>& halo,
            std::string name = "halo array", Site site = {})
      : HaloArray(world, {like.shape(), like.grid(), halo}, std::move(name), site) {}

  const Halo<N>& halo() const { return halo_; }

  /// This rank's elements and ghosts; the elements have the indices that they have in local(). Nothing on a
  /// rank that owns nothing.
  StridedView<T, N> with_ghosts() { return this->all_; }
  StridedView<const T, N> with_ghosts() const { return this->all_; }

  /// Not collective. All boundary values around this rank's box become f of their global indices, of which
  /// those along open axes may be negative, or beyond the end.
  template <class F>
  requires array::FunctionOfIndices<F, T, N>
  void fill_boundary(F f);

  /// The elements that a stencil of the halo's width computes without ghosts, as a box of local indices; and
  /// the others, as boxes: together each element once. What to do between the two halves of an exchange, and
  /// afterwards.
  Box<N> inner() const { return inner_.box; }
  const std::vector<Box<N>>& rim() const { return inner_.rim; }

  /// Collective. Every ghost becomes what its owner holds. One packet, and a message for each face of 16 KiB
  /// or more and for all smaller pieces of a neighbour together; all at once, without phases.
  /// @throws what another rank threw before, on all ranks.
  void exchange(Site site = {}) {
    begin_exchange(site);
    end_exchange();
  }
  /// Collective. The same in two halves, between which the program may compute, and make other collective
  /// calls. Until the second one it must neither write elements nor boundary values, nor read ghosts.
  /// @throws DistributionError on all ranks if an exchange of this array is under way already.
  void begin_exchange(Site site = {}) { exchange_.begin(this->name(), site); }
  /// Not collective. Waits for this rank's ghosts. They come also if another rank fails before its own
  /// end_exchange(): that is heard in the next collective.
  /// @throws DistributionError on this rank if there was no begin_exchange().
  void end_exchange() { exchange_.end(this->name()); }
  bool exchange_under_way() const { return exchange_.under_way(); }

 private:
  HaloArray(const World& world, const array::WantedArray<N>& wanted, std::string name, Site site)
      : Base(world, wanted, std::move(name), site),
        halo_(*wanted.halo),
        inner_({{}, this->box().extent}, halo_.width),
        exchange_(world, this->name(), this->distribution(), halo_,
                  array::Cells<N>{reinterpret_cast<std::byte*>(this->all_.data()), this->all_.box(),
                                  comm::element_name<T>()},
                  this->memory_, site) {}

  Halo<N> halo_;
  distribution::Inner<N> inner_;
  array::HaloExchange exchange_;
};

template <Movable T, std::size_t N>
template <class F>
requires array::FunctionOfIndices<F, T, N>
void HaloArray<T, N>::fill_boundary(F f) {
  const Shape<N>& shape = this->shape();
  const Box<N> mine = this->box(), padded = this->all_.box();
  const auto wrapped = [&](auto... i) {  // beyond a periodic end are the elements of the other one
    Indices<N> index{i...};
    for (std::size_t a = 0; a < N; ++a)
      if (halo_.ends[a] == Ends::periodic) index[a] = ((index[a] % shape[a]) + shape[a]) % shape[a];
    return std::apply(f, index);
  };
  for (std::size_t a = 0; a < N; ++a) {
    if (halo_.ends[a] == Ends::periodic) continue;
    Box<N> before = padded, behind = padded;
    before.extent[a] = std::clamp<Index>(-mine.first[a] - padded.first[a], 0, padded.extent[a]);
    behind.first[a] = std::clamp<Index>(shape[a] - mine.first[a], padded.first[a], padded.end(a));
    behind.extent[a] = padded.end(a) - behind.first[a];
    for (const Box<N>& side : {before, behind})
      if (side.size() > 0) Base::fill(this->all_.part(side), wrapped);
  }
}

}  // namespace tutti

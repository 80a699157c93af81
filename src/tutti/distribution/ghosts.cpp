#include "tutti/distribution/ghosts.hpp"

#include <algorithm>
#include <limits>

#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

template <std::size_t N>
std::string Halo<N>::name() const {
  std::string beyond;
  for (const Ends end : ends)
    beyond += text(beyond.empty() ? "" : " x ", end == Ends::open ? "open" : "periodic");
  return text(shape_text<N>(width), " layers, ", beyond);
}

template <std::size_t N>
std::uint64_t Halo<N>::hash() const {
  std::uint64_t state = core::hash("Halo");
  for (std::size_t a = 0; a < N; ++a)
    state = core::mix(core::mix(state, static_cast<std::uint64_t>(width[a])),
                      static_cast<std::uint64_t>(ends[a]));
  return state;
}

namespace distribution {

namespace {

Index modulo(Index x, Index n) {
  const Index rest = x % n;
  return rest < 0 ? rest + n : rest;
}

// f(choice) for every way to choose one of each axis's items, in the order of the items.
template <class Item, std::size_t N, class F>
void for_each_choice(const std::array<std::vector<Item>, N>& items, const F& f) {
  Box<N> all;
  for (std::size_t a = 0; a < N; ++a) all.extent[a] = static_cast<Index>(items[a].size());
  for_each_row(all, [&](Indices<N> i) {
    std::array<Item, N> choice{};
    for (; i[N - 1] < all.extent[N - 1]; ++i[N - 1]) {
      for (std::size_t a = 0; a < N; ++a) choice[a] = items[a][static_cast<std::size_t>(i[a])];
      f(choice);
    }
  });
}

}  // namespace

template <std::size_t N>
Inner<N>::Inner(const Box<N>& whole, const std::array<Index, N>& width) : box(whole) {
  for (std::size_t a = 0; a < N; ++a) {
    Box<N> before = box, behind = box;  // of what is left by the axes before
    before.extent[a] = std::min(width[a], box.extent[a]);
    behind.extent[a] = std::min(width[a], box.extent[a] - before.extent[a]);
    behind.first[a] = box.end(a) - behind.extent[a];
    box.first[a] += before.extent[a];
    box.extent[a] -= before.extent[a] + behind.extent[a];
    for (const Box<N>& side : {before, behind})
      if (side.size() > 0) rim.push_back(side);
  }
}

template <std::size_t N>
Ghosts<N>::Ghosts(const GridDistribution<N>& distribution, const Halo<N>& halo)
    : distribution_(distribution), halo_(halo) {
  const Shape<N>& shape = distribution.shape();
  if (distribution.size() == 0)
    throw ShapeError(text("shape ", shape_text(shape),
                          ": an array with a halo needs 1 or more elements along "
                          "each axis"));
  Shape<N> padded{};
  for (std::size_t a = 0; a < N; ++a) {
    const Index width = halo.width[a];
    if (width < 0)
      throw ShapeError(text("a halo of ", width, " layers along axis ", a, "; give 0 or more"),
                       {"", {width, 0}});
    Index both = 0;
    if (!multiply_fits(width, Index{2}, both) || !add_fits(shape[a], both, padded[a]))
      throw ShapeError(
          text("a halo of ", width, " layers along axis ", a, " is more than indices can count; give fewer"),
          {"", {width, 0}});
    parts_[a] = static_cast<int>(std::min<Index>(distribution.grid().extents()[a], shape[a]));
  }
  check_shape(padded);  // no rank's box with its ghosts is larger
}

template <std::size_t N>
Box<N> Ghosts<N>::padded_box(int rank) const {
  const Box<N> box = distribution_.box(rank);
  if (box.size() == 0) return {};
  Box<N> padded;
  for (std::size_t a = 0; a < N; ++a) {
    padded.first[a] = -halo_.width[a];
    padded.extent[a] = box.extent[a] + 2 * halo_.width[a];
  }
  return padded;
}

template <std::size_t N>
bool Ghosts<N>::cut(std::size_t axis) const {
  return parts_[axis] > 1;
}

// What element x, counted through the whole axis and beyond its ends, is: until its owner's part ends.
template <std::size_t N>
typename Ghosts<N>::Segment Ghosts<N>::segment_from(std::size_t axis, int coordinate, Index x) const {
  const Distribution& owners = distribution_.axes()[axis];
  const Index n = owners.size();
  const bool open = halo_.ends[axis] == Ends::open;
  const Index within = open ? std::clamp<Index>(x, 0, n - 1) : modulo(x, n);
  const int owner = owners.owner(within);
  const Range part = owners.range(owner);
  const Range mine = owners.range(coordinate);
  const Index source = open ? x : within;  // beyond an open end, the place in the owner's boundary layers
  const bool last = open && owner + 1 == parts_[axis];
  const Index end = last ? n + halo_.width[axis] : part.first + static_cast<Index>(part.count);
  return {owner, source - part.first, x - mine.first, end - source, owner == coordinate && source == x};
}

template <std::size_t N>
std::vector<typename Ghosts<N>::Segment> Ghosts<N>::segments(std::size_t axis, int coordinate) const {
  const Range mine = distribution_.axes()[axis].range(coordinate);
  if (mine.count == 0) return {};
  const Index width = halo_.width[axis];
  const auto extent = static_cast<Index>(mine.count);
  if (!cut(axis)) return {{coordinate, -width, -width, extent + 2 * width, true}};
  std::vector<Segment> result;
  const Index end = mine.first + extent + width;
  for (Index x = mine.first - width; x < end; x += result.back().count) {
    result.push_back(segment_from(axis, coordinate, x));
    result.back().count = std::min(result.back().count, end - x);
  }
  return result;
}

template <std::size_t N>
std::vector<GhostPiece<N>> Ghosts<N>::received(int rank) const {
  const std::array<int, N> coordinates = distribution_.grid().coordinates(rank);
  std::array<std::vector<Segment>, N> along;
  for (std::size_t a = 0; a < N; ++a) along[a] = segments(a, coordinates[a]);
  std::vector<GhostPiece<N>> pieces;
  for_each_choice(along, [&](const std::array<Segment, N>& chosen) {
    if (std::all_of(chosen.begin(), chosen.end(), [](const Segment& s) { return s.own; })) return;
    GhostPiece<N> piece{};
    std::array<int, N> owner{};
    for (std::size_t a = 0; a < N; ++a) {
      owner[a] = chosen[a].owner;
      piece.there[a] = chosen[a].there;
      piece.here.first[a] = chosen[a].here;
      piece.here.extent[a] = chosen[a].count;
    }
    piece.rank = distribution_.grid().rank(owner);
    pieces.push_back(piece);
  });
  return pieces;
}

template <std::size_t N>
std::vector<GhostPiece<N>> Ghosts<N>::sent(int rank) const {
  struct Request {
    int receiver;  // its coordinate along the axis
    Segment segment;
  };
  const std::array<int, N> coordinates = distribution_.grid().coordinates(rank);
  std::array<std::vector<Request>, N> along;
  for (std::size_t a = 0; a < N; ++a)
    for (int receiver = 0; receiver < (coordinates[a] < parts_[a] ? parts_[a] : 0); ++receiver)
      for (const Segment& segment : segments(a, receiver))
        if (segment.owner == coordinates[a]) along[a].push_back({receiver, segment});
  std::vector<GhostPiece<N>> pieces;
  for_each_choice(along, [&](const std::array<Request, N>& chosen) {
    GhostPiece<N> piece{};
    std::array<int, N> receiver{};
    for (std::size_t a = 0; a < N; ++a) {
      receiver[a] = chosen[a].receiver;
      piece.there[a] = chosen[a].segment.here;
      piece.here.first[a] = chosen[a].segment.there;
      piece.here.extent[a] = chosen[a].segment.count;
    }
    piece.rank = distribution_.grid().rank(receiver);
    if (piece.rank != rank) pieces.push_back(piece);
  });
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const GhostPiece<N>& a, const GhostPiece<N>& b) { return a.rank < b.rank; });
  return pieces;
}

// The layers on both sides along one axis, from the extent that is filled along the others; then they are
// filled, too.
template <std::size_t N>
void Ghosts<N>::add_copies(std::vector<GhostPiece<N>>& pieces, std::size_t axis, int rank,
                           Box<N>& filled) const {
  const Index n = distribution_.shape()[axis], width = halo_.width[axis];
  for (Index x = -width; x < n + width;) {
    const Index source = modulo(x, n);
    const Index count = std::min(n - source, n + width - x);
    if (x != source) {
      GhostPiece<N> piece{rank, filled.first, filled};
      piece.there[axis] = source;
      piece.here.first[axis] = x;
      piece.here.extent[axis] = count;
      pieces.push_back(piece);
    }
    x += count;
  }
  filled.first[axis] = -width;
  filled.extent[axis] = n + 2 * width;
}

template <std::size_t N>
std::vector<GhostPiece<N>> Ghosts<N>::copies(int rank) const {
  const Box<N> box = distribution_.box(rank);
  if (box.size() == 0) return {};
  const std::array<int, N> coordinates = distribution_.grid().coordinates(rank);
  Box<N> filled;  // the elements of this rank, and the boundary layers that it sends
  for (std::size_t a = 0; a < N; ++a) {
    const bool open = halo_.ends[a] == Ends::open;
    const Index before = open && coordinates[a] == 0 ? halo_.width[a] : 0;
    const Index behind = open && coordinates[a] + 1 == parts_[a] ? halo_.width[a] : 0;
    filled.first[a] = -before;
    filled.extent[a] = box.extent[a] + before + behind;
  }
  std::vector<GhostPiece<N>> pieces;
  for (std::size_t a = 0; a < N; ++a)
    if (!cut(a) && halo_.ends[a] == Ends::periodic) add_copies(pieces, a, rank, filled);
  return pieces;
}

template struct Inner<1>;
template struct Inner<2>;
template struct Inner<3>;
template class Ghosts<1>;
template class Ghosts<2>;
template class Ghosts<3>;

}  // namespace distribution

template struct Halo<1>;
template struct Halo<2>;
template struct Halo<3>;

}  // namespace tutti

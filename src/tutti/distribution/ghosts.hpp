// Ghosts: the layers of elements around a rank's box that others own, and whence each of them comes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tutti/distribution/grid_distribution.hpp"

namespace tutti {

/// What is beyond the ends of an axis.
enum class Ends : std::uint8_t {
  open,     ///< boundary layers, which hold what the user writes there
  periodic  ///< the elements of the other end
};

/// How many layers of ghosts lie around each rank's box, and what is beyond the ends of each axis. Any width:
/// also more than a neighbour owns, or, along a periodic axis, than there are elements.
template <std::size_t N>
struct Halo {
  /// The same along all axes: HaloArray(world, shape, 1), HaloArray(world, shape, {1, Ends::periodic}).
  Halo(Index layers, Ends beyond = Ends::open) {
    width.fill(layers);
    ends.fill(beyond);
  }
  /// Axis by axis.
  Halo(const std::array<Index, N>& layers, const std::array<Ends, N>& beyond) : width(layers), ends(beyond) {}

  std::array<Index, N> width;  ///< on each side; 0: none along that axis
  std::array<Ends, N> ends;

  /// "1 x 1 x 2 layers, periodic x open x open"
  std::string name() const;
  std::uint64_t hash() const;
  friend bool operator==(const Halo&, const Halo&) = default;
};

namespace distribution {

/// Ghosts of one rank that come from one place of one other (or from another place of the same). Indices are
/// local: those of the rank in question count from its own first element, so that ghosts have negative ones,
/// or ones beyond its extents.
template <std::size_t N>
struct GhostPiece {
  int rank;          ///< the other one: the owner of what is received, the receiver of what is sent
  Indices<N> there;  ///< the first index on that rank
  Box<N> here;       ///< on the rank that was asked for
  friend bool operator==(const GhostPiece&, const GhostPiece&) = default;
};

/// A box without so many layers on each side, and these layers: together each element once.
template <std::size_t N>
struct Inner {
  Inner(const Box<N>& whole, const std::array<Index, N>& width);

  Box<N> box;
  std::vector<Box<N>> rim;  ///< none of them empty
};

/// Whence the ghosts of each rank come. What is beyond an open end belongs to the rank beside it, as an
/// extension of its box: so after an exchange all ranks see parts of one array with one boundary.
///
/// Along an axis that only one rank has elements of, ghosts of a periodic axis come from that rank itself:
/// copies() are made first, on each rank alone. After them the whole extent along such an axis, ghosts and
/// all, is sent as if it were owned, so that faces across the first axes lie together in memory.
///
/// n = 6 on 3 ranks, width 1, open:       rank 1 owns 2 3, and gets 1 from rank 0 and 4 from rank 2
///                        periodic:       rank 0 owns 0 1, and gets 5 from rank 2 and 2 from rank 1
///                        width 3, open:  rank 2 owns 4 5, and gets 1 from rank 0, 2 3 from rank 1
template <std::size_t N>
class Ghosts {
 public:
  /// @throws ShapeError if a width is negative, or so large that indices would not fit; if the array has no
  /// elements.
  Ghosts(const GridDistribution<N>& distribution, const Halo<N>& halo);

  /// The rank's box with its ghosts, in local indices; nothing for a rank that owns nothing.
  Box<N> padded_box(int rank) const;

  /// Ghosts that the rank copies from its own elements before it sends any, one after another.
  std::vector<GhostPiece<N>> copies(int rank) const;
  /// All other ghosts of the rank, in a fixed order. Some may be its own elements, from the other end of a
  /// periodic axis.
  std::vector<GhostPiece<N>> received(int rank) const;
  /// The same, of all ranks, as their owner sees them: for each receiver in the order of its received().
  /// Those of the rank itself are left out. O(ranks along an axis) in time.
  std::vector<GhostPiece<N>> sent(int rank) const;

 private:
  /// Neighbouring ghosts along one axis, or owned elements among them, with one owner.
  struct Segment {
    int owner;    ///< its coordinate along the axis
    Index there;  ///< local index on the owner
    Index here;   ///< local index on the one in question
    Index count;
    bool own;  ///< of the same rank, in their own place: nothing to do
  };

  bool cut(std::size_t axis) const;
  std::vector<Segment> segments(std::size_t axis, int coordinate) const;
  Segment segment_from(std::size_t axis, int coordinate, Index x) const;
  void add_copies(std::vector<GhostPiece<N>>& pieces, std::size_t axis, int rank, Box<N>& filled) const;

  GridDistribution<N> distribution_;
  Halo<N> halo_;
  std::array<int, N> parts_{};  ///< ranks along each axis that have elements: the first ones
};

}  // namespace distribution
}  // namespace tutti

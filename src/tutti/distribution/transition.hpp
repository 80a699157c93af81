// From one distribution to another: which elements go from which rank to which, in stages, in closed form.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "tutti/core/integer.hpp"
#include "tutti/distribution/distribution.hpp"

namespace tutti::distribution {

/// What a rank owns, as blocks: `length` elements from global index `first` on, and again after every
/// `cycle`. One contiguous range is one block. block_cyclic(2) on 3 ranks, rank 1: {2, 2, 6, ...}.
struct Share {
  Index first;
  Index length;  ///< 0 if it is empty
  Index cycle;
  std::size_t size;

  /// How many of its elements have a global index below i, 0 <= i <= n.
  std::size_t below(Index i) const {
    if (i <= first) return 0;
    const Index from_first = i - first;
    return static_cast<std::size_t>(from_first / cycle * length + std::min(from_first % cycle, length));
  }
  /// The global index of its element l < size.
  Index global(std::size_t l) const {
    const auto local = static_cast<Index>(l);
    return first + local / length * cycle + local % length;
  }
};
Share share_of(const Distribution& distribution, int rank);
Share everything(Index n);

/// Elements that one rank has and another gets: `count` runs of `length` neighbouring ones. From one run to
/// the next it is source_stride elements in the one's memory, target_stride in the other's.
struct Section {
  std::size_t source;  ///< local index of the first element where it comes from
  std::size_t target;  ///< and where it goes
  std::size_t length;
  std::size_t count;
  std::size_t source_stride;
  std::size_t target_stride;

  std::size_t elements() const { return length * count; }
  bool source_contiguous() const { return count == 1 || source_stride == length; }
  bool target_contiguous() const { return count == 1 || target_stride == length; }
};

/// What goes from one rank to another in one stage.
struct Piece {
  std::size_t elements = 0;
  std::optional<std::size_t> source;  ///< where it begins, if it is one range in the sender's memory
  std::optional<std::size_t> target;  ///< the same in the receiver's
};

/// Which elements go where, as numbers: no lists, memory O(1) beside the distributions.
///
/// The elements are taken in *windows* of consecutive local indices of the receiving ranks, or of the sending
/// ones: of those who have the longer blocks (contiguous ranges are the longest). Each window meets the
/// shorter blocks of another rank at equal distances, which makes it a few Sections. Where blocks of both
/// sides are short, what two ranks have in common repeats after lcm(b1, b2) elements of either, and a period
/// consists of a few runs, each the solution of a linear congruence (as in Desprez, Dongarra, Petitet,
/// Randriamaro, Robert, doi:10.1109/71.663945): then a window holds whole periods.
///
/// A *stage* is one window of every rank, in which all pairs exchange; or, where a window meets few ranks,
/// one window of one distance k between the ranks: r sends to r + k. Both keep all ranks busy in every stage.
/// A window is cut into *parts*, which stay in the first cache while the elements of all ranks are taken
/// apart or put together. Elements travel in the order in which sections() names them, part by part.
class Transition {
 public:
  /// @param window  elements of a window, at least 1: it may become smaller, to hold whole periods
  /// @param part    elements of a part, at least 1
  /// @throws ShapeError for distributions of different numbers of elements, DistributionError of ranks.
  Transition(const Distribution& from, const Distribution& to, std::size_t window, std::size_t part);
  /// To a place where every rank has all elements, in the order of their global indices.
  static Transition to_all(const Distribution& from, std::size_t window, std::size_t part);

  std::size_t stages() const { return by_distance_ ? windows_ * distances_ : windows_; }
  /// In a stage, rank r sends to r + k (modulo the ranks) for k = first_distance() .. end_distance() - 1.
  std::size_t first_distance(std::size_t stage) const { return by_distance_ ? stage / windows_ : 0; }
  std::size_t end_distance(std::size_t stage) const {
    return by_distance_ ? stage / windows_ + 1 : distances_;
  }
  std::size_t parts() const { return parts_; }
  std::size_t window() const { return window_; }  ///< the elements of a window, and of a piece at most
  bool windows_of_target() const { return windows_of_target_; }

  /// Elements that a rank packs, and unpacks, in a stage at most; 0 where all pieces are contiguous.
  std::size_t packed_at_most() const { return packed_; }
  std::size_t unpacked_at_most() const { return unpacked_; }

  /// What goes from a rank to another (or the same) in a stage. O(1) where one of the distributions is
  /// contiguous.
  Piece piece(std::size_t stage, int source, int target) const;

  /// Calls f(Section) for what goes from a rank to another in a part of a stage.
  template <class F>
  void sections(std::size_t stage, std::size_t part, int source, int target, const F& f) const;

 private:
  Transition(const Distribution& from, const Distribution& to, std::size_t window, std::size_t part,
             bool to_all);
  struct Extent {
    std::size_t first, end;
  };
  void choose_periods(std::size_t window, std::size_t part);
  void choose_windows(std::size_t window, std::size_t part);
  Share source_share(int rank) const { return share_of(from_, rank); }
  Share target_share(int rank) const { return to_all_ ? everything(from_.size()) : share_of(to_, rank); }
  Extent extent(std::size_t stage, std::size_t part, std::size_t local_size) const;
  template <class F>
  void sections_of(const Extent& extent, const Share& source, const Share& target, const F& f) const;
  template <class F>
  void periodic_sections(const Extent& extent, const Share& source, const Share& target, const F& f) const;

  Distribution from_, to_;
  bool to_all_ = false;
  bool windows_of_target_ = true;
  bool by_distance_ = false;
  std::size_t distances_ = 1;
  std::size_t window_ = 1;
  std::size_t windows_ = 0;
  std::size_t part_ = 1;
  std::size_t parts_ = 1;
  std::size_t packed_ = 0;
  std::size_t unpacked_ = 0;
  Index period_ = 0;   // elements of one rank; 0: not taken in periods
  Index divisor_ = 1;  // the greatest common one of the block sizes
  Index inverse_ = 0;  // of b1 / divisor modulo b2 / divisor
};

template <class F>
void Transition::sections(std::size_t stage, std::size_t part, int source, int target, const F& f) const {
  const Share from = source_share(source), to = target_share(target);
  const Extent part_of_window = extent(stage, part, windows_of_target_ ? to.size : from.size);
  if (part_of_window.first < part_of_window.end) sections_of(part_of_window, from, to, f);
}

// The window's side is the one with the longer blocks: each of them meets blocks of the other at equal
// distances, but for a first and a last one that may be cut.
template <class F>
void Transition::sections_of(const Extent& extent, const Share& source, const Share& target,
                             const F& f) const {
  if (period_ > 0) return periodic_sections(extent, source, target, f);
  const Share& longer = windows_of_target_ ? target : source;
  const Share& shorter = windows_of_target_ ? source : target;
  const auto block = static_cast<std::size_t>(longer.length);
  for (std::size_t l = extent.first; l < extent.end;) {
    const std::size_t run = std::min(block - l % block, extent.end - l);
    const Index first = longer.global(l);
    const std::size_t end = shorter.below(first + static_cast<Index>(run));
    for (std::size_t other = shorter.below(first); other < end;) {
      const auto short_block = static_cast<std::size_t>(shorter.length);
      const std::size_t length = std::min(short_block - other % short_block, end - other);
      const std::size_t count = length == short_block ? (end - other) / short_block : 1;
      const std::size_t here = l + static_cast<std::size_t>(shorter.global(other) - first);
      const std::size_t stride = count == 1 ? length : static_cast<std::size_t>(shorter.cycle);
      f(windows_of_target_ ? Section{other, here, length, count, length, stride}
                           : Section{here, other, length, count, stride, length});
      other += length * count;
    }
    l += run;
  }
}

// Block k1 = r + P u of the source's begins d elements after block k2 = s + P v of the target's, for every d
// = r b1 - s b2 (modulo P times the divisor) between -b1 and b2: u follows from d, and then everything
// repeats.
template <class F>
void Transition::periodic_sections(const Extent& extent, const Share& source, const Share& target,
                                   const F& f) const {
  const auto floor_modulo = [](Index a, Index b) { return (a % b + b) % b; };
  const Index ranks = from_.ranks(), step = ranks * divisor_, n = from_.size();
  const Index other = target.length / divisor_, cycle = ranks * period_;
  const auto first_period = static_cast<Index>(extent.first) / period_;
  const auto end_period = (static_cast<Index>(extent.end) + period_ - 1) / period_;
  const Index difference = source.first - target.first;
  for (Index d = 1 - source.length + floor_modulo(difference + source.length - 1, step); d < target.length;
       d += step) {
    const Index u = floor_modulo((d - difference) / step, other) * inverse_ % other;
    const Index block = source.first + u * source.cycle;  // its start; the target's is at block - d
    const Index first = block + std::max<Index>(0, -d) + first_period * cycle;
    const Index length = std::min(source.length, target.length - d) - std::max<Index>(0, -d);
    if (first >= n) continue;
    const Index begun = std::min(end_period - first_period, (n - first - 1) / cycle + 1);
    const Index last = std::min(length, n - (first + (begun - 1) * cycle));  // of the last run
    Section section{source.below(first),
                    target.below(first),
                    static_cast<std::size_t>(length),
                    static_cast<std::size_t>(last == length ? begun : begun - 1),
                    static_cast<std::size_t>(period_),
                    static_cast<std::size_t>(period_)};
    if (section.count > 0) f(section);
    if (last == length) continue;
    section.source += section.count * section.source_stride;
    section.target += section.count * section.target_stride;
    section.length = static_cast<std::size_t>(last);
    section.count = 1;
    f(section);
  }
}

}  // namespace tutti::distribution

// One rank's share of a file, in pieces that fit a small buffer.
#pragma once

#include <algorithm>
#include <span>

#include "tutti/distribution/distribution.hpp"

namespace tutti::io {

/// The elements of a rank, as ranges of file positions to read one after another. Where a rank owns
/// neighbouring elements, it reads just these; where elements are dealt out one by one or in small blocks, it
/// reads whole pieces of the file and picks its own (one large read costs less than many small ones, and far
/// less than an MPI-IO view).
///
/// n = 10, cyclic on 3 ranks, pieces of 4:   rank 1 reads 1..1, 4..7, 8..8 and picks 1, 4, 7
class Share {
 public:
  /// @param most  elements of a piece, >= 1
  Share(const Distribution& distribution, int rank, std::size_t most);

  /// Pieces to go through; some may be empty.
  Index pieces() const { return pieces_; }
  /// The largest number of pieces of any rank: how many rounds all ranks need together.
  Index most_pieces() const { return most_pieces_; }

  /// Neighbouring positions to read for piece k: from the first to the last element that is this rank's.
  Range piece(Index k) const;

  /// Neighbouring positions from the first to the last of this rank's elements at begin .. end - 1.
  Range within(Index begin, Index end) const;

  /// How many of this rank's elements stand before `position`: the local index of the next one.
  Index count_before(Index position) const;

  /// Whether all elements of a piece are this rank's, so that nothing is to be picked.
  bool whole(const Range& piece) const;

  /// Moves the elements of a piece that are this rank's, as they were read, to its front. @return how many
  template <class T>
  std::size_t pick(const Range& piece, std::span<T> values) const {
    std::size_t kept = 0;
    visit_runs(piece, [&](std::size_t at, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) values[kept++] = values[at + i];
    });
    return kept;
  }

  /// Calls f(offset in the piece, count) for each run of this rank's elements.
  template <class F>
  void visit_runs(const Range& piece, const F& f) const {
    if (contiguous_) return f(std::size_t{0}, piece.count);
    const Index end = piece.first + static_cast<Index>(piece.count);
    for (Index first = piece.first; first < end; first += cycle_ - block_) {
      const Index run = std::min(end - first, block_ - (first - start_) % cycle_);
      f(static_cast<std::size_t>(first - piece.first), static_cast<std::size_t>(run));
      first += run;
    }
  }

 private:
  Index own_from(Index position) const;
  Index own_before(Index position) const;

  bool contiguous_;
  Range range_{0, 0};  // of a contiguous distribution
  Index n_, most_;
  Index block_ = 0, cycle_ = 0, start_ = 0;  // of a block-cyclic one: b, b P, rank b
  Index pieces_ = 0, most_pieces_ = 0;
};

}  // namespace tutti::io

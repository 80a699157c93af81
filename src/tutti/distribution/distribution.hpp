// Who owns which element: a layout bound to a number of elements and of ranks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tutti/core/integer.hpp"
#include "tutti/distribution/layout.hpp"

namespace tutti {

/// `count` neighbouring global indices from `first` on.
struct Range {
  Index first;
  std::size_t count;
  friend bool operator==(const Range&, const Range&) = default;
};

/// The owner and the place of every global index 0 .. n-1 on ranks 0 .. P-1. A rank keeps its elements in the
/// order of their global indices; the place of an element on its owner is its local index.
///
/// n = 10, block_cyclic(2) on 3 ranks:   global index 0 1 2 3 4 5 6 7 8 9
///                                       owner        0 0 1 1 2 2 0 0 1 1    local sizes 4 4 2
///                                       local index  0 1 0 1 0 1 2 3 2 3    to_global(1, 2) is 8
///
/// Pure arithmetic, the same on every rank; never an index list. Memory O(1); irregular and weighted layouts
/// O(P), shared with the layout. Every function is O(1), except as said there. Any n from 0 to 2^63 - 1 and
/// any P from 1 on, also P > n (some ranks own nothing), without overflow.
class Distribution {
 public:
  /// @param layout  irregular and weighted layouts must have been made for exactly `ranks` ranks
  /// @param n       elements on all ranks together, >= 0; for irregular layouts the sum of the counts
  /// @throws DistributionError if n < 0 or ranks < 1; ShapeError (its left() and right() are the two numbers)
  ///         if the layout is for another number of ranks, or an irregular one for another n.
  /// Cost O(1), irregular and weighted layouts O(P).
  Distribution(const Layout& layout, Index n, int ranks);

  Index size() const noexcept { return n_; }     ///< n, elements on all ranks together
  int ranks() const noexcept { return ranks_; }  ///< P
  const Layout& layout() const noexcept { return layout_; }

  // Indices and ranks that do not exist are misuse: every function below throws DistributionError for them.

  /// The rank that owns global index i. Irregular and weighted layouts: O(log P).
  int owner(Index i) const;

  /// Elements on `rank`.
  std::size_t local_size(int rank) const;

  /// Elements on the rank that has most: what a buffer that serves any rank needs.
  std::size_t max_local_size() const noexcept { return max_local_size_; }

  /// Where global index i is on its owner, from 0. Irregular and weighted layouts: O(log P).
  std::size_t to_local(Index i) const;

  /// The global index of `rank`'s element l: to_global(owner(i), to_local(i)) == i.
  Index to_global(int rank, std::size_t l) const;

  /// Whether every rank owns one range of neighbouring indices. True for all layouts but block-cyclic ones,
  /// and for these too on one rank, or if n <= b P: nobody gets a second block.
  bool contiguous() const noexcept;

  /// The one range that `rank` owns. An empty one starts where the next rank's range starts, or at n.
  /// n = 10, block on 3 ranks: {0, 4}, {4, 3}, {7, 3}
  /// @throws DistributionError if the distribution is not contiguous().
  Range range(int rank) const;

  /// The longest run of neighbouring global indices from `rank`'s element l on: one read from a file.
  /// n = 10, block_cyclic(2) on 3 ranks: run(0, 0) is {0, 2}, run(0, 1) is {1, 1}, run(0, 2) is {6, 2}
  /// All runs of a rank: begin at l = 0, continue at l + count, until that is local_size(rank).
  Range run(int rank, std::size_t l) const;

  /// Equal distributions have equal hashes, on every rank and machine: for comparing what ranks pass.
  std::uint64_t hash() const noexcept { return hash_; }

  /// Whether every index has the same owner, whatever the layouts are called: block and cyclic are equal on
  /// one rank, and if n <= P. Decided exactly. O(1); O(P) for irregular and weighted layouts.
  friend bool operator==(const Distribution& left, const Distribution& right);

 private:
  // The simplest rule that gives the same owners; equal distributions have the same. An irregular layout that
  // happens to be a block layout is treated as one.
  enum class Rule : std::uint8_t { even_ranges, dealt, boundaries };

  void check_layout() const;
  void choose_rule();
  bool deals_like_block() const;
  void choose_rule_of_boundaries();
  std::uint64_t ownership_hash() const;

  void check_index(Index i) const;
  void check_rank(int rank) const;
  Index boundary(int rank) const;        // start of a rank's range by the layout's boundaries; rank 0 .. P
  Index block_boundary(int rank) const;  // the same by the block rule
  Index first(int rank) const;           // start of a rank's range or of its first block
  Index size_of(int rank) const;

  Layout layout_;
  Index n_;
  int ranks_;
  Rule rule_ = Rule::even_ranges;
  Index block_size_ = 0;     // of rule dealt: 1 .. n
  std::uint64_t cycle_ = 0;  // of rule dealt: b P, elements in one round of dealing, or 2^64 - 1 if less
  std::size_t max_local_size_ = 0;
  std::uint64_t hash_ = 0;
};

}  // namespace tutti

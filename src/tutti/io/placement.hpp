// Where the elements of all ranks stand in the file of an array.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tutti/distribution/distribution.hpp"
#include "tutti/io/share.hpp"

namespace tutti::io {

/// An array whose elements stand in the file in C order, and are divided among the ranks along each of its
/// dimensions. A rank has its elements in the order of the file, too: those of a piece of the file lie side
/// by side in its memory.
///
/// shape (2, 6) on a grid of 1 x 2 ranks, cyclic along the second dimension:
///   file 00 01 02 03 04 05 10 11 12 13 14 15
///   rank  0  1  0  1  0  1  0  1  0  1  0  1
///
/// Closed-form arithmetic, no index lists; memory O(ranks).
class Placement {
 public:
  /// A vector.
  Placement(const Distribution& distribution, std::size_t element_bytes)
      : Placement(std::vector{distribution}, element_bytes) {}
  /// The ranks form a grid of as many dimensions, in C order. Above: Distribution(block, 2, 1) and
  /// Distribution(cyclic, 6, 2). At least one dimension; 64 bits must count all bytes. What is not divided
  /// counts as one element, up to 256 KiB: (1000, 3) on a grid of 4 x 1 ranks is 1000 elements of three
  /// times the bytes.
  Placement(const std::vector<Distribution>& dimensions, std::size_t element_bytes);

  int ranks() const { return ranks_; }
  Index size() const { return size_; }  ///< elements of the whole array
  std::size_t element_bytes() const { return element_bytes_; }
  Index bytes() const { return size_ * static_cast<Index>(element_bytes_); }

  /// Whether the ranks' elements form runs in the file that are worth being read and written where they
  /// stand: one for each rank, or of at least so many bytes (about).
  bool has_long_runs(std::size_t bytes) const;

  /// How many elements of `rank` stand before `position`: where those behind it begin in its memory.
  Index count_before(int rank, Index position) const;

  /// Calls f(position, count) for each run of `rank` in the positions begin .. end - 1.
  template <class F>
  void visit_runs(int rank, Index begin, Index end, const F& f) const;

  /// Moves the elements of `rank` between a piece of the file, positions begin .. end - 1, and a place where
  /// they lie side by side.
  void pick(int rank, Index begin, Index end, const std::byte* piece, std::byte* own) const;
  void spread(int rank, Index begin, Index end, std::byte* piece, const std::byte* own) const;

 private:
  struct Dimension {
    Index extent;
    Index stride;               // positions from one of its indices to the next
    int rank_stride;            // ranks from one part to the next
    Index run;                  // of neighbouring indices that one part has, about
    std::vector<Share> shares;  // of each part
    std::vector<Index> sizes;

    std::size_t part_of(int rank) const {
      return static_cast<std::size_t>(rank / rank_stride) % shares.size();
    }
    bool owns(std::size_t part, Index index) const {
      return shares[part].count_before(index) != shares[part].count_before(index + 1);
    }
  };
  void append(const Distribution& along);
  bool owns_row(int rank, Index row) const;

  std::vector<Dimension> dimensions_;  // from the last to the first
  bool contiguous_ = true;             // each rank has one run
  std::size_t element_bytes_;
  Index size_ = 1;
  int ranks_ = 1;
};

template <class F>
void Placement::visit_runs(int rank, Index begin, Index end, const F& f) const {
  const Dimension& last = dimensions_.front();
  const Share& share = last.shares[last.part_of(rank)];
  for (Index at = begin; at < end;) {
    const Index row = at / last.extent, start = row * last.extent;
    const Index stop = std::min(end, start + last.extent);
    const Range own = owns_row(rank, row) ? share.within(at - start, stop - start) : Range{0, 0};
    if (own.count > 0)
      share.visit_runs(own, [&](std::size_t offset, std::size_t count) {
        f(start + own.first + static_cast<Index>(offset), count);
      });
    at = stop;
  }
}

}  // namespace tutti::io

// How elements are divided among ranks, as a rule: it knows neither how many elements nor how many ranks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti {

/// A rule for dividing elements. Bound to a number of elements and of ranks it is a Distribution.
/// A value: copies are cheap (the O(ranks) numbers of irregular and weighted are shared, never changed),
/// equal layouts divide any n elements among any P ranks in the same way.
class Layout {
 public:
  enum class Kind : std::uint8_t { block, block_cyclic, irregular, weighted };

  /// The block layout; `tutti::block` reads better.
  constexpr Layout() noexcept = default;
  /// The block-cyclic layout; `tutti::cyclic` and `tutti::block_cyclic(b)` read better.
  /// @throws DistributionError if block_size < 1.
  constexpr explicit Layout(Index block_size) : kind_(Kind::block_cyclic), block_size_(block_size) {
    if (block_size < 1) refuse(block_size);
  }

  // Copies only: a layout that was moved from would have lost its numbers.
  Layout(const Layout&) = default;
  Layout& operator=(const Layout&) = default;
  ~Layout() = default;

  Kind kind() const noexcept { return kind_; }

  /// Elements that are dealt out at a time: 1 for cyclic, b for block-cyclic, 0 for the contiguous layouts.
  Index block_size() const noexcept { return block_size_; }

  /// Irregular and weighted: the sums of the first 0, 1, ... P counts (of weights: as coprime whole numbers).
  /// Empty for the other layouts, which fit any number of ranks.
  std::span<const Index> boundaries() const noexcept;

  /// "block", "cyclic", "block-cyclic:4", "irregular(2,0,5)", "weighted(1,2,1)"; more than eight ranks are
  /// abbreviated: "irregular(2,0,5,1,1,1,1,1,... on 100 ranks)". parse_layout() reads the first three forms.
  std::string name() const;

  /// Equal layouts have equal hashes, on every rank and machine. O(1), irregular and weighted O(ranks).
  std::uint64_t hash() const;

  friend bool operator==(const Layout& left, const Layout& right);

 private:
  friend Layout irregular(const std::vector<Index>& counts);
  friend Layout weighted(const std::vector<double>& weights);
  Layout(Kind kind, std::vector<Index> boundaries)
      : kind_(kind), boundaries_(std::make_shared<const std::vector<Index>>(std::move(boundaries))) {}
  [[noreturn]] static void refuse(Index block_size);

  Kind kind_ = Kind::block;
  Index block_size_ = 0;
  std::shared_ptr<const std::vector<Index>> boundaries_;
};

/// One contiguous range for each rank, as equal as can be: the first n % P ranks get one element more.
/// n = 10 on 3 ranks:   index 0 1 2 3 4 5 6 7 8 9
///                      owner 0 0 0 0 1 1 1 2 2 2
inline constinit const Layout block{};

/// Dealt out one by one, as playing cards are: index i belongs to rank i % P. The same as block_cyclic(1).
/// n = 10 on 3 ranks:   index 0 1 2 3 4 5 6 7 8 9
///                      owner 0 1 2 0 1 2 0 1 2 0
inline constinit const Layout cyclic(1);

/// Dealt out b at a time: index i belongs to rank (i / b) % P.
/// n = 10, b = 2 on 3 ranks:   index 0 1 2 3 4 5 6 7 8 9
///                             owner 0 0 1 1 2 2 0 0 1 1
/// @throws DistributionError if b < 1.
Layout block_cyclic(Index b);

/// Contiguous, counts[r] elements on rank r; fits exactly counts.size() ranks and sum(counts) elements.
/// counts = {2, 0, 5}:   index 0 1 2 3 4 5 6
///                       owner 0 0 2 2 2 2 2
/// @throws DistributionError if there are no counts, one is negative, or their sum exceeds 2^63 - 1.
Layout irregular(const std::vector<Index>& counts);

/// Contiguous, shares proportional to weights; fits exactly weights.size() ranks. With W_r the sum of the
/// weights before rank r and W the sum of all, rank r's range starts at index floor(n W_r / W). So all n
/// elements are given out, each share is less than one element away from n w_r / W, and weight 0 gets none.
/// n = 10, weights = {1, 2, 1}:   starts 0, floor(10 * 1/4) = 2, floor(10 * 3/4) = 7
///                                index 0 1 2 3 4 5 6 7 8 9
///                                owner 0 0 1 1 1 1 1 2 2 2
/// Whole-number arithmetic throughout, hence identical on all machines: a weight is its exact binary value,
/// cut below 2^-(63 - k) of the power of two above the largest weight, where k bits hold P (1000 ranks:
/// 2^-53). Whole numbers are taken exactly if P times the largest is below 2^62. Only ratios count: weights
/// {1, 3} and {0.5, 1.5} are equal layouts.
/// @throws DistributionError if there are no weights, one is negative, infinite or NaN, or all are zero.
Layout weighted(const std::vector<double>& weights);

/// "block", "cyclic" or "block-cyclic:K" (K elements at a time, K >= 1): the command line's --distribution.
/// @throws UsageError for anything else, naming the choices.
Layout parse_layout(std::string_view name);

}  // namespace tutti

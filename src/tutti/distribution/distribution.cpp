#include "tutti/distribution/distribution.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

namespace {

std::string described(const Distribution& d) {
  return text("distribution ", d.layout().name(), " of ", counted(d.size(), "element"), " on ",
              counted(d.ranks(), "rank"));
}

}  // namespace

Distribution::Distribution(const Layout& layout, Index n, int ranks) : layout_(layout), n_(n), ranks_(ranks) {
  check_layout();
  choose_rule();
  if (rule_ != Rule::boundaries) max_local_size_ = static_cast<std::size_t>(size_of(0));
  hash_ = ownership_hash();
}

void Distribution::check_layout() const {
  if (n_ < 0)
    throw DistributionError(text("distribution ", layout_.name(), ": ", n_, " elements; give 0 or more"),
                            {"", {n_, 0}});
  if (ranks_ < 1)
    throw DistributionError(text("distribution ", layout_.name(), ": ", ranks_, " ranks; give 1 or more"),
                            {"", {ranks_, 1}});
  const std::span<const Index> boundaries = layout_.boundaries();
  if (boundaries.empty()) return;
  const bool weights = layout_.kind() == Layout::Kind::weighted;
  const auto given = static_cast<Index>(boundaries.size() - 1);
  if (given != ranks_)
    throw ShapeError(text("distribution ", layout_.name(), ": ", counted(given, weights ? "weight" : "count"),
                          " for ", counted(ranks_, "rank"), "; give one for each rank"),
                     {"", {given, ranks_}});
  if (!weights && boundaries.back() != n_)
    throw ShapeError(text("distribution ", layout_.name(), ": the counts add up to ", boundaries.back(),
                          " for ", counted(n_, "element"), "; give counts that add up to ", n_),
                     {"", {boundaries.back(), n_}});
}

void Distribution::choose_rule() {
  if (layout_.kind() == Layout::Kind::block || n_ == 0 || ranks_ == 1) return;
  if (layout_.kind() != Layout::Kind::block_cyclic) return choose_rule_of_boundaries();
  block_size_ = std::min(layout_.block_size(), n_);
  if (deals_like_block()) return;
  rule_ = Rule::dealt;
  const Uint128 cycle = static_cast<Uint128>(block_size_) * static_cast<Uint128>(ranks_);
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  cycle_ = cycle > most ? most : static_cast<std::uint64_t>(cycle);
}

// Whether dealing out block_size_ <= n elements at a time gives what the block rule gives. Dealing ends with
// a rank that gets the rest and ranks that get nothing; under the block rule sizes differ by at most one. So
// the block size is ceil(n / P), and it is 1, or at most the last rank's block is short, by one.
// b = 3 on 3 ranks: n = 8 gives 3 3 2 both ways; n = 7 is dealt 3 3 1, but 3 2 2 under the block rule.
bool Distribution::deals_like_block() const {
  const Index largest = n_ / ranks_ + (n_ % ranks_ != 0 ? 1 : 0);
  const Int128 cycle = static_cast<Int128>(block_size_) * ranks_;
  return block_size_ == largest && (block_size_ == 1 || cycle <= static_cast<Int128>(n_) + 1);
}

// One pass over the ranks, which the layout's memory has already paid for.
void Distribution::choose_rule_of_boundaries() {
  bool like_block = true;
  const Index dealt = boundary(1);
  bool like_dealing = true;
  Index largest = 0;
  for (int rank = 0; rank < ranks_; ++rank) {
    const Index end = boundary(rank + 1);
    like_block = like_block && end == block_boundary(rank + 1);
    like_dealing = like_dealing && end == std::min<Int128>(static_cast<Int128>(dealt) * (rank + 1), n_);
    largest = std::max(largest, end - boundary(rank));
  }
  if (like_block) return;
  rule_ = like_dealing ? Rule::dealt : Rule::boundaries;
  block_size_ = like_dealing ? dealt : 0;
  // Contiguous ranges are dealt out in one round, so any length of it that is not below n will do.
  cycle_ = std::numeric_limits<std::uint64_t>::max();
  max_local_size_ = static_cast<std::size_t>(largest);
}

std::uint64_t Distribution::ownership_hash() const {
  std::uint64_t state = core::mix(core::hash("Distribution"), static_cast<std::uint64_t>(n_));
  state = core::mix(state, static_cast<std::uint64_t>(ranks_));
  state = core::mix(state, static_cast<std::uint64_t>(rule_));
  if (rule_ == Rule::dealt) state = core::mix(state, static_cast<std::uint64_t>(block_size_));
  if (rule_ == Rule::boundaries)
    for (int rank = 1; rank < ranks_; ++rank)
      state = core::mix(state, static_cast<std::uint64_t>(boundary(rank)));
  return state;
}

bool operator==(const Distribution& left, const Distribution& right) {
  if (left.n_ != right.n_ || left.ranks_ != right.ranks_ || left.rule_ != right.rule_ ||
      left.hash_ != right.hash_)
    return false;
  if (left.rule_ == Distribution::Rule::dealt) return left.block_size_ == right.block_size_;
  if (left.rule_ == Distribution::Rule::even_ranges || left.layout_ == right.layout_) return true;
  for (int rank = 1; rank < left.ranks_; ++rank)
    if (left.boundary(rank) != right.boundary(rank)) return false;
  return true;
}

void Distribution::check_index(Index i) const {
  if (i >= 0 && i < n_) return;
  throw DistributionError(text(described(*this), ": there is no index ", i, "; ",
                               n_ == 0 ? "it is empty" : text("give 0 to ", n_ - 1)),
                          {"", {i, n_}});
}

void Distribution::check_rank(int rank) const {
  if (rank >= 0 && rank < ranks_) return;
  throw DistributionError(text(described(*this), ": there is no rank ", rank, "; give 0 to ", ranks_ - 1),
                          {"", {rank, ranks_}});
}

Index Distribution::boundary(int rank) const {
  const std::span<const Index> sums = layout_.boundaries();
  const Index sum = sums[static_cast<std::size_t>(rank)];
  if (layout_.kind() == Layout::Kind::irregular) return sum;
  return static_cast<Index>(static_cast<Uint128>(n_) * static_cast<Uint128>(sum) /
                            static_cast<Uint128>(sums.back()));
}

Index Distribution::block_boundary(int rank) const {
  return n_ / ranks_ * rank + std::min<Index>(n_ % ranks_, rank);
}

Index Distribution::first(int rank) const {
  if (rule_ == Rule::even_ranges) return block_boundary(rank);
  if (rule_ == Rule::boundaries) return boundary(rank);
  return static_cast<Index>(std::min<Int128>(static_cast<Int128>(block_size_) * rank, n_));
}

Index Distribution::size_of(int rank) const {
  if (rule_ != Rule::dealt) return first(rank + 1) - first(rank);
  const auto n = static_cast<std::uint64_t>(n_);
  const auto whole_rounds = static_cast<Index>(n / cycle_);
  const auto rest = static_cast<Index>(n % cycle_);  // dealt in the last round: to ranks 0 .. rest / b
  const Index last = rest / block_size_;
  return whole_rounds * block_size_ + (rank < last ? block_size_ : rank == last ? rest % block_size_ : 0);
}

int Distribution::owner(Index i) const {
  check_index(i);
  if (rule_ == Rule::dealt)
    return static_cast<int>(static_cast<Index>(static_cast<std::uint64_t>(i) % cycle_) / block_size_);
  if (rule_ == Rule::even_ranges) {
    const Index small = n_ / ranks_;
    const Index larger_ranks = n_ % ranks_;
    const Index in_larger = small * larger_ranks + larger_ranks;
    return static_cast<int>(i < in_larger ? i / (small + 1) : larger_ranks + (i - in_larger) / small);
  }
  // The last rank whose range starts at or before i. For weights W: floor(n W_r / W) <= i is the same as
  // n W_r < (i + 1) W, and that as W_r < ceil((i + 1) W / n): one division, then a search among whole
  // numbers.
  const std::span<const Index> sums = layout_.boundaries();
  Index limit = i + 1;
  if (layout_.kind() == Layout::Kind::weighted) {
    const auto n = static_cast<Uint128>(n_);
    limit = static_cast<Index>((static_cast<Uint128>(limit) * static_cast<Uint128>(sums.back()) + n - 1) / n);
  }
  return static_cast<int>(std::lower_bound(sums.begin(), sums.end(), limit) - sums.begin()) - 1;
}

std::size_t Distribution::local_size(int rank) const {
  check_rank(rank);
  return static_cast<std::size_t>(size_of(rank));
}

std::size_t Distribution::to_local(Index i) const {
  if (rule_ != Rule::dealt) return static_cast<std::size_t>(i - first(owner(i)));
  check_index(i);
  const auto round = static_cast<Index>(static_cast<std::uint64_t>(i) / cycle_);
  return static_cast<std::size_t>(round * block_size_ + i % block_size_);
}

Index Distribution::to_global(int rank, std::size_t l) const { return run(rank, l).first; }

bool Distribution::contiguous() const noexcept {
  return rule_ != Rule::dealt || static_cast<std::uint64_t>(n_) <= cycle_;
}

Range Distribution::range(int rank) const {
  check_rank(rank);
  if (!contiguous())
    throw DistributionError(text(described(*this), ": rank ", rank,
                                 " does not own one contiguous range; go through its runs, or use block"),
                            {"", {rank, ranks_}});
  return {first(rank), static_cast<std::size_t>(size_of(rank))};
}

Range Distribution::run(int rank, std::size_t l) const {
  check_rank(rank);
  const auto size = static_cast<std::size_t>(size_of(rank));
  if (l >= size)
    throw DistributionError(text(described(*this), ": rank ", rank, " has no local index ", l, "; it owns ",
                                 counted(static_cast<Index>(size), "element")),
                            {"", {rank, static_cast<Index>(size)}});
  if (contiguous()) return {first(rank) + static_cast<Index>(l), size - l};
  const auto b = static_cast<std::size_t>(block_size_);
  const auto round = static_cast<Index>(l / b);
  const std::size_t within = l % b;
  return {round * static_cast<Index>(cycle_) + first(rank) + static_cast<Index>(within),
          std::min(b - within, size - l)};
}

}  // namespace tutti

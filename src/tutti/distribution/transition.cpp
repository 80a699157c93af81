#include "tutti/distribution/transition.hpp"

#include <numeric>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::distribution {

namespace {

constexpr Index never = std::numeric_limits<Index>::max();

// The number x of 0 .. modulus - 1 with a x = 1 (modulo modulus), for coprime ones: Euclid's algorithm.
Index inverse(Index a, Index modulus) {
  Index factor = 1, next_factor = 0, rest = a % modulus, next_rest = modulus;
  while (next_rest != 0) {
    const Index quotient = rest / next_rest;
    factor = std::exchange(next_factor, factor - quotient * next_factor);
    rest = std::exchange(next_rest, rest - quotient * next_rest);
  }
  return (factor % modulus + modulus) % modulus;
}

std::size_t pieces_of(std::size_t size, std::size_t piece) {
  return size / piece + (size % piece != 0 ? 1 : 0);
}

Index block_of(const Distribution& distribution) {
  return distribution.contiguous() ? never : distribution.layout().block_size();
}

}  // namespace

Share share_of(const Distribution& distribution, int rank) {
  if (distribution.contiguous()) {
    const Range range = distribution.range(rank);
    return {range.first, static_cast<Index>(range.count), never, range.count};
  }
  // More than one round of dealing: every rank has a whole block.
  const Index block = distribution.layout().block_size();
  return {rank * block, block, distribution.ranks() * block, distribution.local_size(rank)};
}

Share everything(Index n) { return {0, n, never, static_cast<std::size_t>(n)}; }

Transition::Transition(const Distribution& from, const Distribution& to, std::size_t window, std::size_t part)
    : Transition(from, to, window, part, false) {}

Transition Transition::to_all(const Distribution& from, std::size_t window, std::size_t part) {
  return {from, Distribution(block, from.size(), from.ranks()), window, part, true};
}

Transition::Transition(const Distribution& from, const Distribution& to, std::size_t window, std::size_t part,
                       bool to_all)
    : from_(from), to_(to), to_all_(to_all) {
  if (from.size() != to.size())
    throw ShapeError(text("redistribution: from ", counted(from.size(), "element"), " to ", to.size(),
                          "; give distributions of equally many elements"),
                     {"", {from.size(), to.size()}});
  if (from.ranks() != to.ranks())
    throw DistributionError(text("redistribution: from ", counted(from.ranks(), "rank"), " to ", to.ranks(),
                                 "; give distributions on the same ranks"),
                            {"", {from.ranks(), to.ranks()}});
  distances_ = from == to && !to_all ? 1 : static_cast<std::size_t>(from.ranks());
  if (!from.contiguous() && !to.contiguous() && !to_all) choose_periods(window, part);
  if (period_ == 0) choose_windows(window, part);
  const std::size_t largest = !windows_of_target_ ? from.max_local_size()
                              : to_all            ? static_cast<std::size_t>(from.size())
                                                  : to.max_local_size();
  window_ = std::min(window_, std::max<std::size_t>(largest, 1));
  if (period_ > 0)
    window_ = pieces_of(window_, static_cast<std::size_t>(period_)) * static_cast<std::size_t>(period_);
  windows_ = pieces_of(largest, window_);
  parts_ = pieces_of(window_, part_);
  packed_ = std::min(packed_, from.max_local_size());
  unpacked_ = std::min(unpacked_, to_all ? static_cast<std::size_t>(from.size()) : to.max_local_size());
}

// Whole periods in a window, if that has room for one.
void Transition::choose_periods(std::size_t window, std::size_t part) {
  const Index b1 = block_of(from_), b2 = block_of(to_);
  divisor_ = std::gcd(b1, b2);
  const Int128 period = static_cast<Int128>(b1 / divisor_) * b2;
  if (period > static_cast<Int128>(window)) return;
  period_ = static_cast<Index>(period);
  inverse_ = inverse(b1 / divisor_, b2 / divisor_);
  const auto elements = static_cast<std::size_t>(period_);
  window_ = window / elements * elements;
  part_ = std::max(std::min(part, window_) / elements, std::size_t{1}) * elements;
  packed_ = unpacked_ = distances_ == 1 ? 0 : window_;
}

// Windows of the side with the longer blocks. In a stage all ranks exchange, if a window meets blocks of all
// of them; it must lie in one block for that, whose neighbourhood is dealt out evenly.
void Transition::choose_windows(std::size_t window, std::size_t part) {
  const Index from_block = block_of(from_), to_block = to_all_ ? never : block_of(to_);
  const Index longer = std::max(from_block, to_block), shorter = std::min(from_block, to_block);
  windows_of_target_ = to_block == longer;
  window_ = window;
  const Int128 round = static_cast<Int128>(shorter) * from_.ranks();
  by_distance_ = round > std::min<Int128>(static_cast<Int128>(window), longer);
  part_ = by_distance_ ? window_ : std::min(part, window_);
  if (distances_ == 1 || longer == never) {  // pieces are ranges on the side whose windows these are not
    const bool both = distances_ == 1 || shorter == never;
    packed_ = both || windows_of_target_ ? 0 : window_;
    unpacked_ = both || !windows_of_target_ ? 0 : window_;
    return;
  }
  packed_ = unpacked_ = window_;
  if (by_distance_) return;
  // Each of the longer blocks that a window meets gives one rank at most a block too many.
  const auto blocks = window_ / static_cast<std::size_t>(longer) + 2;
  (windows_of_target_ ? packed_ : unpacked_) += blocks * static_cast<std::size_t>(round);
}

Transition::Extent Transition::extent(std::size_t stage, std::size_t part, std::size_t local_size) const {
  const std::size_t window = stage % windows_ * window_;
  const std::size_t first = window + part * part_;
  return {first, std::min({first + part_, window + window_, local_size})};
}

Piece Transition::piece(std::size_t stage, int source, int target) const {
  const Share from = source_share(source), to = target_share(target);
  const std::size_t local_size = windows_of_target_ ? to.size : from.size;
  const std::size_t window = stage % windows_ * window_;
  Piece piece;
  if (window >= local_size) return piece;
  bool source_contiguous = true, target_contiguous = true;
  Section first{};
  sections_of({window, std::min(window + window_, local_size)}, from, to, [&](const Section& section) {
    if (piece.elements == 0) first = section;
    source_contiguous =
        source_contiguous && section.source_contiguous() && section.source == first.source + piece.elements;
    target_contiguous =
        target_contiguous && section.target_contiguous() && section.target == first.target + piece.elements;
    piece.elements += section.elements();
  });
  if (piece.elements == 0) return piece;
  if (source_contiguous) piece.source = first.source;
  if (target_contiguous) piece.target = first.target;
  return piece;
}

}  // namespace tutti::distribution

#include "tutti/io/share.hpp"

namespace tutti::io {

Share::Share(const Distribution& distribution, int rank, std::size_t most)
    : contiguous_(distribution.contiguous()), n_(distribution.size()), most_(static_cast<Index>(most)) {
  const auto pieces_for = [&](Index elements) { return elements / most_ + (elements % most_ != 0 ? 1 : 0); };
  if (contiguous_) {
    range_ = distribution.range(rank);
    pieces_ = pieces_for(static_cast<Index>(range_.count));
    most_pieces_ = pieces_for(static_cast<Index>(distribution.max_local_size()));
  } else {
    block_ = distribution.layout().block_size();
    cycle_ =
        block_ * distribution.ranks();  // at most n: otherwise nobody has two blocks, and all is contiguous
    start_ = block_ * rank;
    pieces_ = most_pieces_ = pieces_for(n_);
  }
}

Range Share::piece(Index k) const {
  const Index begin = (contiguous_ ? range_.first : 0) + std::min(k, pieces_) * most_;
  return within(begin, begin + std::min(most_, n_ - begin));
}

Range Share::within(Index begin, Index end) const {
  Index first = 0, last = 0;
  if (contiguous_) {
    first = std::max(begin, range_.first);
    last = std::min(end, range_.first + static_cast<Index>(range_.count));
  } else {
    first = own_from(begin);
    last = own_before(end);
  }
  return first < last ? Range{first, static_cast<std::size_t>(last - first)} : Range{begin, 0};
}

Index Share::count_before(Index position) const {
  if (contiguous_) return std::clamp<Index>(position - range_.first, 0, static_cast<Index>(range_.count));
  return position / cycle_ * block_ + std::clamp<Index>(position % cycle_ - start_, 0, block_);
}

bool Share::whole(const Range& piece) const {
  if (contiguous_ || piece.count == 0) return true;
  return static_cast<Index>(piece.count) <= block_ - (piece.first - start_) % cycle_;
}

// The first of this rank's positions that is not before `position`.
Index Share::own_from(Index position) const {
  const Index block_start = position / cycle_ * cycle_ + start_;
  if (position < block_start) return block_start;
  return position < block_start + block_ ? position : block_start + cycle_;
}

// After the last of this rank's positions that is before `position`.
Index Share::own_before(Index position) const {
  const Index block_start = position / cycle_ * cycle_ + start_;
  if (position <= block_start) return block_start - cycle_ + block_;
  return std::min(position, block_start + block_);
}

}  // namespace tutti::io

#include "tutti/io/placement.hpp"

#include <cstring>

namespace tutti::io {

namespace {

// Larger ones do not fit the buffers by which single elements are dealt out.
constexpr std::size_t most_element_bytes = std::size_t{1} << 18U;

// Calls f(copy), where copy(to, from, count) knows the size of an element when it is compiled, if it is
// small.
template <class F>
void with_copy(std::size_t element_bytes, const F& f) {
  const auto of = [](auto bytes) {
    return [bytes](std::byte* to, const std::byte* from, std::size_t count) {
      if (count == 1)
        std::memcpy(to, from, bytes);
      else
        std::memcpy(to, from, bytes * count);
    };
  };
  switch (element_bytes) {
    case 4:
      return f(of(std::integral_constant<std::size_t, 4>()));
    case 8:
      return f(of(std::integral_constant<std::size_t, 8>()));
    case 16:
      return f(of(std::integral_constant<std::size_t, 16>()));
    default:
      return f(of(element_bytes));
  }
}

}  // namespace

Placement::Placement(const std::vector<Distribution>& dimensions, std::size_t element_bytes)
    : element_bytes_(element_bytes) {
  std::size_t left = dimensions.size();
  for (; left > 1 && dimensions[left - 1].ranks() == 1 && dimensions[left - 1].size() > 0; --left) {
    const auto extent = static_cast<std::size_t>(dimensions[left - 1].size());
    if (extent > most_element_bytes / element_bytes_) break;  // a long run in itself
    element_bytes_ *= extent;
  }
  while (left-- > 0) append(dimensions[left]);
}

void Placement::append(const Distribution& along) {
  const bool contiguous = along.contiguous();
  Dimension dimension{along.size(), size_, ranks_, 0, {}, {}};
  dimension.run = contiguous ? along.size() / along.ranks() : along.layout().block_size();
  const std::size_t most = std::max<std::size_t>(1, along.max_local_size());
  for (int part = 0; part < along.ranks(); ++part) {
    dimension.shares.emplace_back(along, part, most);
    dimension.sizes.push_back(static_cast<Index>(along.local_size(part)));
  }
  contiguous_ = contiguous_ && contiguous && ranks_ == 1;
  size_ *= along.size();
  ranks_ *= along.ranks();
  dimensions_.push_back(std::move(dimension));
}

bool Placement::has_long_runs(std::size_t bytes) const {
  if (contiguous_) return true;
  const auto needed = bytes / element_bytes_ + (bytes % element_bytes_ != 0 ? 1 : 0);
  return dimensions_.front().run >= static_cast<Index>(needed);
}

// The digits of the position, from the first dimension on: what comes before the digit is counted whole, and
// only an index that is its own is looked at more closely.
Index Placement::count_before(int rank, Index position) const {
  Index own = 1;  // elements of the rank for one index of the dimension
  for (const Dimension& dimension : dimensions_) own *= dimension.sizes[dimension.part_of(rank)];
  Index count = 0;
  for (std::size_t d = dimensions_.size(); d-- > 0 && own > 0;) {
    const Dimension& dimension = dimensions_[d];
    const std::size_t part = dimension.part_of(rank);
    const Index digit = position / dimension.stride;
    own /= dimension.sizes[part];
    count += dimension.shares[part].count_before(digit) * own;
    if (digit == dimension.extent || !dimension.owns(part, digit)) break;
    position -= digit * dimension.stride;
  }
  return count;
}

bool Placement::owns_row(int rank, Index row) const {
  for (std::size_t d = 1; d < dimensions_.size(); ++d) {
    const Dimension& dimension = dimensions_[d];
    if (!dimension.owns(dimension.part_of(rank), row % dimension.extent)) return false;
    row /= dimension.extent;
  }
  return true;
}

void Placement::pick(int rank, Index begin, Index end, const std::byte* piece, std::byte* own) const {
  with_copy(element_bytes_, [&](const auto& copy) {
    visit_runs(rank, begin, end, [&](Index position, std::size_t count) {
      copy(own, piece + static_cast<std::size_t>(position - begin) * element_bytes_, count);
      own += count * element_bytes_;
    });
  });
}

void Placement::spread(int rank, Index begin, Index end, std::byte* piece, const std::byte* own) const {
  with_copy(element_bytes_, [&](const auto& copy) {
    visit_runs(rank, begin, end, [&](Index position, std::size_t count) {
      copy(piece + static_cast<std::size_t>(position - begin) * element_bytes_, own, count);
      own += count * element_bytes_;
    });
  });
}

}  // namespace tutti::io

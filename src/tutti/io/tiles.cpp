#include "tutti/io/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tutti::io {
namespace {

Index floor_sqrt(Index value) {
  auto root = static_cast<Index>(std::sqrt(static_cast<double>(value)));
  while (root > value / root) --root;  // the double may have rounded, either way
  while ((root + 1) <= value / (root + 1)) ++root;
  return root;
}

// The extents of a tile before they are evened out. Each file's runs grow to `goal` = floor(sqrt(most)) along
// its fastest dimensions; the product of both is at most goal^2. What then is left goes to any dimension.
class TileExtents {
 public:
  TileExtents(const std::vector<Index>& shape, Index most) : shape_(shape), extent_(shape.size(), 1) {
    const std::size_t dimensions = shape.size();
    const Index goal = floor_sqrt(most);
    Index run = 1;
    for (std::size_t d = dimensions; d-- > 0 && grow_run(d, goal, run);) {
    }
    run = 1;
    for (std::size_t d = 0; d < dimensions && grow_run(d, goal, run); ++d) {
    }
    Index product = 1;
    for (const Index extent : extent_) product *= extent;
    for (std::size_t i = 0; i < dimensions; ++i) {  // the first, the last, the second, the last but one ...
      const std::size_t d = i % 2 == 0 ? i / 2 : dimensions - 1 - i / 2;
      product /= extent_[d];
      extent_[d] = std::max(extent_[d], std::min(shape_[d], most / product));
      product *= extent_[d];
    }
  }

  const std::vector<Index>& extents() const { return extent_; }

 private:
  // Lengthens a run by dimension d; false if it ends there.
  bool grow_run(std::size_t d, Index goal, Index& run) {
    const Index extent = std::min(shape_[d], goal / run);
    extent_[d] = std::max(extent_[d], extent);
    run *= extent;
    return extent == shape_[d];
  }

  const std::vector<Index>& shape_;
  std::vector<Index> extent_;
};

}  // namespace

Index Box::size() const {
  Index product = 1;
  for (const Index length : extent) product *= length;
  return product;
}

TileGrid::TileGrid(std::vector<Index> shape, Index most_elements)
    : shape_(std::move(shape)), parts_(shape_.size(), 0) {
  if (most_elements < 1) throw InternalError(text("tiles of ", most_elements, " elements"));
  if (std::count(shape_.begin(), shape_.end(), 0) > 0) return;
  const TileExtents tile(shape_, most_elements);
  count_ = 1;
  for (std::size_t d = 0; d < shape_.size(); ++d) {
    const Index extent = tile.extents()[d];
    parts_[d] = shape_[d] / extent + (shape_[d] % extent != 0);
    count_ *= parts_[d];
  }
}

Index TileGrid::largest() const {
  if (count_ == 0) return 0;
  Index product = 1;
  for (std::size_t d = 0; d < shape_.size(); ++d)
    product *= shape_[d] / parts_[d] + (shape_[d] % parts_[d] != 0);
  return product;
}

Box TileGrid::tile(Index k) const {
  if (k < 0 || k >= count_) throw InternalError(text("tile ", k, " of ", count_));
  Box box{std::vector<Index>(shape_.size()), std::vector<Index>(shape_.size())};
  for (std::size_t d = shape_.size(); d-- > 0;) {
    const Index part = k % parts_[d];
    k /= parts_[d];
    const Index least = shape_[d] / parts_[d];
    const Index longer = shape_[d] % parts_[d];  // so many of the first parts have one element more
    box.first[d] = part * least + std::min(part, longer);
    box.extent[d] = least + (part < longer);
  }
  return box;
}

Index logical_index(const std::vector<Index>& shape, Index fortran_position) {
  Index index = 0;
  for (const Index extent : shape) {
    index = index * extent + fortran_position % extent;
    fortran_position /= extent;
  }
  return index;
}

Index fortran_position(const std::vector<Index>& shape, Index logical_index) {
  Index position = 0;
  for (std::size_t d = shape.size(); d-- > 0;) {
    position = position * shape[d] + logical_index % shape[d];
    logical_index /= shape[d];
  }
  return position;
}

Index logical_index(const std::vector<Index>& shape, const Box& box, Index offset) {
  Index index = 0;
  Index stride = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    index += (box.first[d] + offset % box.extent[d]) * stride;
    offset /= box.extent[d];
    stride *= shape[d];
  }
  return index;
}

}  // namespace tutti::io

#include "tutti/io/local_part.hpp"

#include <algorithm>
#include <cstring>

namespace tutti::io {

LocalPart::LocalPart(std::span<std::byte> bytes)
    : first_(bytes.data()), row_(bytes.size()), rows_{1, 1}, strides_{} {}

// Rows, and planes, without gaps between them are one row.
LocalPart::LocalPart(std::byte* first, const Numbers& extents, const Numbers& steps,
                     std::size_t element_bytes)
    : first_(first),
      row_(extents[2] * element_bytes),
      rows_{extents[0], extents[1]},
      strides_{steps[0] * element_bytes, steps[1] * element_bytes} {
  for (std::size_t axis = 2; axis-- > 0;) {
    if (rows_[axis] > 1 && strides_[axis] != row_) break;
    row_ *= rows_[axis];
    rows_[axis] = 1;
  }
}

template <class F>
void LocalPart::visit(std::size_t from, std::size_t count, const F& f) const {
  while (count > 0) {
    const std::size_t row = from / row_, inside = from % row_;
    const std::size_t now = std::min(count, row_ - inside);
    f(first_ + row / rows_[1] * strides_[0] + row % rows_[1] * strides_[1] + inside, now);
    from += now;
    count -= now;
  }
}

std::span<const std::byte> LocalPart::get(std::size_t from, std::size_t count, std::byte* room) const {
  if (side_by_side()) return {first_ + from, count};
  std::byte* to = room;
  visit(from, count, [&](const std::byte* part, std::size_t bytes) {
    std::memcpy(to, part, bytes);
    to += bytes;
  });
  return {room, count};
}

std::span<std::byte> LocalPart::place(std::size_t from, std::size_t count, std::byte* room) const {
  return {side_by_side() ? first_ + from : room, count};
}

void LocalPart::put(std::size_t from, std::span<const std::byte> bytes) const {
  if (side_by_side()) return;  // they are there already
  const std::byte* source = bytes.data();
  visit(from, bytes.size(), [&](std::byte* part, std::size_t count) {
    std::memcpy(part, source, count);
    source += count;
  });
}

}  // namespace tutti::io

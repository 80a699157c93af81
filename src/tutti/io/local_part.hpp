// A rank's elements of an array as bytes, in the order of the file, however they lie in memory.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace tutti::io {

/// Bytes are numbered as if the elements lay side by side. Where there are gaps between rows (ghosts of a
/// neighbour), they are copied. It lasts no longer than the array.
class LocalPart {
 public:
  static constexpr std::size_t axes = 3;
  using Numbers = std::array<std::size_t, axes>;

  /// Elements that lie side by side. Those of an array that is const can only be got.
  explicit LocalPart(std::span<std::byte> bytes);
  explicit LocalPart(std::span<const std::byte> bytes)
      : LocalPart(std::span(const_cast<std::byte*>(bytes.data()), bytes.size())) {}
  /// `extents` elements along each axis, `steps` elements from one to the next; neighbours along the last
  /// axis are neighbours in memory.
  LocalPart(std::byte* first, const Numbers& extents, const Numbers& steps, std::size_t element_bytes);
  LocalPart(const std::byte* first, const Numbers& extents, const Numbers& steps, std::size_t element_bytes)
      : LocalPart(const_cast<std::byte*>(first), extents, steps, element_bytes) {}

  std::size_t bytes() const { return row_ * rows_[0] * rows_[1]; }
  bool side_by_side() const { return rows_[0] == 1 && rows_[1] == 1; }

  /// Bytes from .. from + count - 1: where they are, or copied to `room` (which is not used side by side).
  std::span<const std::byte> get(std::size_t from, std::size_t count, std::byte* room) const;
  /// Where these bytes may be put: where they belong, or `room`, if put() is called then.
  std::span<std::byte> place(std::size_t from, std::size_t count, std::byte* room) const;
  void put(std::size_t from, std::span<const std::byte> bytes) const;

 private:
  template <class F>
  void visit(std::size_t from, std::size_t count, const F& f) const;

  std::byte* first_;
  std::size_t row_;                     // bytes without gaps
  std::array<std::size_t, 2> rows_;     // how many of them along the other axes
  std::array<std::size_t, 2> strides_;  // bytes from one to the next
};

}  // namespace tutti::io

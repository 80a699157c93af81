// The elements of operands, piece by piece: what kernels take are neighbours in memory, and those of an array
// with ghosts are so only row by row.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "tutti/array/operand.hpp"
#include "tutti/exact/terms.hpp"

namespace tutti::array {

/// As many as keep a kernel busy for much longer than it takes to begin, and stay in the caches.
inline constexpr std::size_t piece_elements = 4096;

/// Where they are copied together. Not set to anything: that would cost more than a short sum.
template <class T>
class Room {
 public:
  Room() {}  // NOLINT(modernize-use-equals-default): = default would let a tuple clear it
  T* data() { return reinterpret_cast<T*>(bytes_); }

 private:
  alignas(64) std::byte bytes_[piece_elements * sizeof(T)];
};

/// This rank's elements of one operand, one piece after another.
template <class T>
class Pieces {
 public:
  explicit Pieces(const Operand<T>& x)
      : elements_(x.local()),
        size_(static_cast<std::size_t>(elements_.size())),
        streams_(exact::streams(size_ * sizeof(T))),
        row_length_(static_cast<std::size_t>(elements_.extent(2))),
        rows_(elements_.extent(1)),
        row_(elements_.data()) {
    const auto side_by_side = [&](std::size_t axis) {
      return elements_.extent(axis) == 1 || elements_.step(axis) == static_cast<Index>(row_length_);
    };
    // Rows without gaps between them are one row, and so are planes.
    if (!side_by_side(1)) return;
    row_length_ *= static_cast<std::size_t>(std::exchange(rows_, 1));
    if (side_by_side(0)) row_length_ = size_;
  }

  std::size_t size() const { return size_; }
  /// All of them, if they lie side by side.
  bool whole() const { return row_length_ == size_; }
  std::span<const T> all() const { return {row_, size_}; }

  /// The next `count` elements: copied to `room` if they do not lie side by side, and if they come from
  /// memory, which a copy can ask for in time.
  std::span<const T> next(std::size_t count, T* room) {
    if (!streams_ && count <= left_in_row()) return next_in_row(count);
    for (std::size_t done = 0; done < count;) {
      const std::size_t now = std::min(count - done, left_in_row());
      copy(row_ + within_, now, room + done);
      done += now;
      advance(now);
    }
    return {room, count};
  }

  /// How many come next that lie side by side; so many, or fewer.
  std::size_t left_in_row() const { return row_length_ - within_; }
  std::span<const T> next_in_row(std::size_t count) {
    const std::span<const T> part(row_ + within_, count);
    advance(count);
    return part;
  }

 private:
  void advance(std::size_t count) {
    within_ += count;
    if (within_ < row_length_) return;
    within_ = 0;
    place_ = place_ + 1 < rows_ ? place_ + 1 : 0;
    row_ += place_ > 0 ? elements_.step(1) : elements_.step(0) - (rows_ - 1) * elements_.step(1);
  }

  void copy(const T* from, std::size_t count, T* to) const {
    constexpr std::size_t line = std::max<std::size_t>(1, 64 / sizeof(T));
    std::size_t i = 0;
    for (; streams_ && i + line <= count; i += line) {
      exact::fetch_ahead(from + i);
      std::copy_n(from + i, line, to + i);
    }
    std::copy_n(from + i, count - i, to + i);
  }

  StridedView<const T, 3> elements_;
  std::size_t size_;
  bool streams_;
  std::size_t row_length_;  // neighbours in memory
  Index rows_;              // in a plane
  const T* row_;            // the one that comes next
  std::size_t within_ = 0;  // its elements that are done
  Index place_ = 0;         // of it in its plane
};

/// f(elements of x, elements of y, ...) for all of this rank's elements, in order; at once, where they lie
/// side by side in all operands. The operands are alike.
template <class F, class... T>
void in_pieces(const F& f, const Operand<T>&... x) {
  std::tuple<Pieces<T>...> pieces{Pieces<T>(x)...};
  const std::size_t size = std::get<0>(pieces).size();
  if (std::apply([](const auto&... each) { return (each.whole() && ...); }, pieces))
    return std::apply([&](const auto&... each) { f(each.all()...); }, pieces);
  std::tuple<Room<T>...> rooms;
  for (std::size_t l = 0; l < size; l += piece_elements) {
    const std::size_t count = std::min(piece_elements, size - l);
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      f(std::get<i>(pieces).next(count, std::get<i>(rooms).data())...);
    }
    (std::index_sequence_for<T...>());
  }
}

/// The same without a copy, in pieces as short as the rows: for loops that begin and end at no cost.
template <class F, class... T>
void in_rows(const F& f, const Operand<T>&... x) {
  std::tuple<Pieces<T>...> pieces{Pieces<T>(x)...};
  const std::size_t size = std::get<0>(pieces).size();
  for (std::size_t l = 0; l < size;) {
    const auto left = [](const auto&... each) { return std::min({each.left_in_row()...}); };
    const std::size_t count = std::apply(left, pieces);
    std::apply([&](auto&... each) { f(each.next_in_row(count)...); }, pieces);
    l += count;
  }
}

/// in_pieces() for x and a list: f(elements of x, elements of each of the list).
template <class F, class T>
void in_pieces(const F& f, const Operand<T>& x, std::span<const Operand<T>> list) {
  std::vector<Pieces<T>> pieces{Pieces<T>(x)};
  for (const Operand<T>& each : list) pieces.emplace_back(each);
  std::vector<std::span<const T>> parts(pieces.size());
  const auto take = [&](const auto& part_of) {
    std::transform(pieces.begin(), pieces.end(), parts.begin(), part_of);
    f(parts[0], std::span<const std::span<const T>>(parts).subspan(1));
  };
  if (std::all_of(pieces.begin(), pieces.end(), [](const Pieces<T>& each) { return each.whole(); }))
    return take([](const Pieces<T>& each) { return each.all(); });
  std::vector<T> rooms(piece_elements * pieces.size());
  for (std::size_t l = 0; l < pieces[0].size(); l += piece_elements) {
    const std::size_t count = std::min(piece_elements, pieces[0].size() - l);
    T* room = rooms.data();
    take([&](Pieces<T>& each) { return each.next(count, std::exchange(room, room + piece_elements)); });
  }
}

}  // namespace tutti::array

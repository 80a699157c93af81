// The elements of operands, piece by piece: what kernels take are neighbours in memory, and those of an array
// with ghosts are so only row by row.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

#include "tutti/array/operand.hpp"

namespace tutti::array {

/// As many as keep a kernel busy for longer than it takes to begin; they stay in the first-level cache.
inline constexpr std::size_t piece_elements = 2048;

/// Where they are copied together. Not set to anything: that would cost more than a short sum.
template <class T>
class Room {
 public:
  Room() {}  // NOLINT(modernize-use-equals-default): = default would let a tuple clear it
  T* data() { return reinterpret_cast<T*>(bytes_); }

 private:
  alignas(64) std::byte bytes_[piece_elements * sizeof(T)];
};

/// This rank's elements of one operand, from the first on. Rows too short to be pieces are copied together.
template <class T>
class Pieces {
 public:
  explicit Pieces(const Operand<T>& x) : elements_(x.local()) {
    const StridedView<const T, 3>& local = x.local();
    row_ = static_cast<std::size_t>(local.extent(2));
    // Rows, and planes, without gaps between them are one row.
    for (std::size_t axis = 2; axis-- > 0 && local.size() > 0;) {
      if (local.extent(axis) > 1 && local.step(axis) != static_cast<Index>(row_)) break;
      row_ *= static_cast<std::size_t>(local.extent(axis));
    }
  }

  std::size_t size() const { return static_cast<std::size_t>(elements_.size()); }
  bool whole() const { return row_ == size(); }

  /// The elements l .. l + count - 1. @param room  for `count` of them, if they must be copied
  std::span<const T> get(std::size_t l, std::size_t count, T* room) const {
    if (l % row_ + count <= row_) return {at(l), count};
    for (std::size_t done = 0; done < count;) {
      const std::size_t now = std::min(count - done, row_ - (l + done) % row_);
      std::copy_n(at(l + done), now, room + done);
      done += now;
    }
    return {room, count};
  }

 private:
  const T* at(std::size_t l) const {
    auto left = static_cast<Index>(l);
    Index place = 0;
    for (std::size_t axis = 3; axis-- > 0; left /= elements_.extent(axis))
      place += left % elements_.extent(axis) * elements_.step(axis);
    return elements_.data() + place;
  }

  StridedView<const T, 3> elements_;
  std::size_t row_;  // neighbours in memory
};

/// f(elements of x, elements of y, ...) for all of this rank's elements, in order; at once, where they lie
/// side by side in all operands. The operands are alike.
template <class F, class... T>
void in_pieces(const F& f, const Operand<T>&... x) {
  const std::tuple<Pieces<T>...> pieces{Pieces<T>(x)...};
  const std::size_t size = std::get<0>(pieces).size();
  const bool whole = std::apply([](const auto&... each) { return (each.whole() && ...); }, pieces);
  const std::size_t most = whole ? std::max<std::size_t>(size, 1) : piece_elements;
  std::tuple<Room<T>...> rooms;
  for (std::size_t l = 0; l < size; l += most) {
    const std::size_t count = std::min(most, size - l);
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      f(std::get<i>(pieces).get(l, count, std::get<i>(rooms).data())...);
    }
    (std::index_sequence_for<T...>());
  }
}

/// The same for x and a list: f(elements of x, elements of each of the list).
template <class F, class T>
void in_pieces(const F& f, const Operand<T>& x, std::span<const Operand<T>> list) {
  std::vector<Pieces<T>> pieces{Pieces<T>(x)};
  for (const Operand<T>& each : list) pieces.emplace_back(each);
  const bool whole =
      std::all_of(pieces.begin(), pieces.end(), [](const Pieces<T>& each) { return each.whole(); });
  const std::size_t size = pieces[0].size();
  const std::size_t most = whole ? std::max<std::size_t>(size, 1) : piece_elements;
  std::vector<T> rooms(whole ? 0 : piece_elements * pieces.size());
  std::vector<std::span<const T>> parts(pieces.size());
  for (std::size_t l = 0; l < size; l += most) {
    for (std::size_t k = 0; k < pieces.size(); ++k)
      parts[k] = pieces[k].get(l, std::min(most, size - l), whole ? nullptr : &rooms[k * piece_elements]);
    f(parts[0], std::span<const std::span<const T>>(parts).subspan(1));
  }
}

}  // namespace tutti::array

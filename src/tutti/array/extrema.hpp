// The smallest and the largest of many elements, and where they first stand; fed piece by piece.
#pragma once

#include <array>
#include <span>

#include "tutti/array/reductions.hpp"

namespace tutti::array {

template <Number T>
class Extrema {
 public:
  /// Elements of neighbouring indices, from `first` on. Pieces may come in any order.
  void add(std::span<const T> values, Index first) {
    for (std::size_t i = 0; i < values.size(); ++i) add(values[i], first + static_cast<Index>(i));
  }

  void add(T value, Index index) {
    consider(lowest_, comm::key(value), value, index);
    consider(highest_, comm::reverse_key(value), value, index);
  }

  /// Whether an element could be the smallest or the largest so far, wherever it stands.
  bool matters(T value) const {
    return comm::key(value) <= lowest_.key || comm::reverse_key(value) <= highest_.key;
  }

  /// The smallest and the largest, as merge_candidates() takes them.
  std::array<comm::Candidate, 2> candidates() const { return {lowest_, highest_}; }

  /// Back from a merged candidate.
  static Place<T> place(const comm::Candidate& found, bool largest) {
    return {comm::value_of<T>(found, largest), static_cast<Index>(found.place / 2)};
  }

 private:
  static void consider(comm::Candidate& best, std::uint64_t key, T value, Index index) {
    if (key > best.key) return;
    const comm::Candidate next = comm::candidate(value, key, index);
    if (key < best.key || next.place < best.place) best = next;
  }

  comm::Candidate lowest_, highest_;
};

}  // namespace tutti::array

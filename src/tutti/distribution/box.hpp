// Shapes and boxes: what n-dimensional arrays, and the parts of them that ranks own, are made of.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "tutti/core/integer.hpp"

namespace tutti {

/// The indices of one element, axis by axis. The last axis runs fastest (C order), as in NumPy.
template <std::size_t N>
using Indices = std::array<Index, N>;

/// Numbers of elements along the axes.
template <std::size_t N>
using Shape = std::array<Index, N>;

/// "4 x 5 x 6"
template <std::size_t N>
std::string shape_text(const Shape<N>& shape);

/// @throws ShapeError if an extent is negative, or those that are not 0 multiply to more than 2^63 - 1.
template <std::size_t N>
void check_shape(const Shape<N>& shape);

/// The elements with first[a] <= i[a] < first[a] + extent[a] along every axis a.
template <std::size_t N>
struct Box {
  Indices<N> first{};
  Shape<N> extent{};

  Index end(std::size_t axis) const { return first[axis] + extent[axis]; }
  Index size() const {
    Index product = 1;
    for (const Index n : extent) product *= n;
    return product;
  }
  bool contains(const Indices<N>& i) const {
    for (std::size_t a = 0; a < N; ++a)
      if (i[a] < first[a] || i[a] >= end(a)) return false;
    return true;
  }
  bool contains(const Box& other) const {
    for (std::size_t a = 0; a < N; ++a)
      if (other.first[a] < first[a] || other.end(a) > end(a)) return false;
    return true;
  }
  friend bool operator==(const Box&, const Box&) = default;
};

/// Where element i of an array of this shape stands in C order.
template <std::size_t N>
Index c_order(const Shape<N>& shape, const Indices<N>& i) {
  Index place = 0;
  for (std::size_t a = 0; a < N; ++a) place = place * shape[a] + i[a];
  return place;
}

/// f(i) for the first element of each row of the box, in C order. A row goes along the last axis and has
/// box.extent[N - 1] elements.
template <std::size_t N, class F>
void for_each_row(const Box<N>& box, F&& f) {
  if (box.size() == 0) return;
  Indices<N> i = box.first;
  for (;;) {
    f(static_cast<const Indices<N>&>(i));
    std::size_t axis = N - 1;
    while (axis > 0 && ++i[axis - 1] == box.end(axis - 1)) {
      --axis;
      i[axis] = box.first[axis];
    }
    if (axis == 0) return;
  }
}

}  // namespace tutti

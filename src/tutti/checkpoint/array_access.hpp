// A distributed array as a checkpoint sees it: its form, who owns what, and where this rank's bytes are.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/grid_array.hpp"
#include "tutti/array/strided_view.hpp"
#include "tutti/checkpoint/element_form.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/io/local_part.hpp"

namespace tutti::checkpoint {

/// It lasts no longer than the array.
struct ArrayAccess {
  World world;
  ElementForm element;
  std::vector<Distribution> owners;  ///< one for each dimension
  io::LocalPart part;

  std::vector<Index> shape() const {
    std::vector<Index> all;
    for (const Distribution& axis : owners) all.push_back(axis.size());
    all.insert(all.end(), element.shape.begin(), element.shape.end());
    return all;
  }
};

template <Movable T>
ArrayAccess access(const DistVector<T>& x) {
  return {x.world(), element_form<T>(), {x.distribution()}, io::LocalPart(std::as_bytes(x.local()))};
}
template <Movable T>
ArrayAccess access(DistVector<T>& x) {
  return {x.world(), element_form<T>(), {x.distribution()}, io::LocalPart(std::as_writable_bytes(x.local()))};
}

namespace detail {
template <class T, std::size_t N>
io::LocalPart part_of(const StridedView<T, N>& view) {
  io::LocalPart::Numbers extents{1, 1, 1}, steps{};
  for (std::size_t a = 0, b = io::LocalPart::axes - N; a < N; ++a, ++b) {
    extents[b] = static_cast<std::size_t>(view.extent(a));
    steps[b] = static_cast<std::size_t>(view.step(a));
  }
  using Bytes = std::conditional_t<std::is_const_v<T>, const std::byte, std::byte>;
  return {reinterpret_cast<Bytes*>(view.data()), extents, steps, sizeof(T)};
}
template <class T, std::size_t N>
std::vector<Distribution> axes_of(const GridArray<T, N>& x) {
  const auto& axes = x.distribution().axes();
  return {axes.begin(), axes.end()};
}
}  // namespace detail

/// DistArray and HaloArray: the elements, without ghosts and boundary values.
template <Movable T, std::size_t N>
ArrayAccess access(const GridArray<T, N>& x) {
  return {x.world(), element_form<T>(), detail::axes_of(x), detail::part_of(x.local())};
}
template <Movable T, std::size_t N>
ArrayAccess access(GridArray<T, N>& x) {
  return {x.world(), element_form<T>(), detail::axes_of(x), detail::part_of(x.local())};
}

}  // namespace tutti::checkpoint

namespace tutti {

/// A DistVector, DistArray or HaloArray, and the name that it has in a checkpoint: {"u", u}.
struct SavedArray {
  template <class Array>
  SavedArray(std::string name_in_it, const Array& array)
      : name(std::move(name_in_it)), access(checkpoint::access(array)) {}

  std::string name;
  checkpoint::ArrayAccess access;
};

}  // namespace tutti

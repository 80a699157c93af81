// A distributed array as a checkpoint sees it: its form, who owns what, and where this rank's bytes are.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tutti/array/dist_vector.hpp"
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

}  // namespace tutti::checkpoint

namespace tutti {

/// An array and the name that it has in a checkpoint: {"u", u}.
struct SavedArray {
  template <class Array>
  SavedArray(std::string name_in_it, const Array& array)
      : name(std::move(name_in_it)), access(checkpoint::access(array)) {}

  std::string name;
  checkpoint::ArrayAccess access;
};

}  // namespace tutti

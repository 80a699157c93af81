// Internal: from Fortran order to C order in memory.
#pragma once

#include <algorithm>
#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti::io {

/// An array in memory in Fortran order, copied to where its elements belong: out[sum of index[d] *
/// stride[d]].
template <class T>
class Transposition {
 public:
  // Dimensions of extent 1 say nothing; the others keep their order.
  Transposition(const std::vector<Index>& extent, const std::vector<Index>& out_stride) {
    Index from_stride = 1;
    for (std::size_t d = 0; d < extent.size(); ++d) {
      if (extent[d] > 1) dimensions_.push_back({extent[d], from_stride, out_stride[d]});
      from_stride *= extent[d];
    }
    while (dimensions_.size() < 2) dimensions_.push_back({1, 0, 0});
  }

  void copy(const T* from, T* out) const { copy_middle(1, from, out); }

 private:
  struct Dimension {
    Index extent;
    Index from_stride;
    Index out_stride;
  };

  void copy_middle(std::size_t d, const T* from, T* out) const {
    if (d + 1 == dimensions_.size()) return copy_plane(from, out);
    const Dimension& middle = dimensions_[d];
    for (Index i = 0; i < middle.extent; ++i)
      copy_middle(d + 1, from + i * middle.from_stride, out + i * middle.out_stride);
  }

  // First and last dimension, in squares of which source and target lines (64 B) both stay in the first
  // cache.
  void copy_plane(const T* from, T* out) const {
    constexpr Index side = 32;
    const Dimension& fast_from = dimensions_.front();
    const Dimension& fast_out = dimensions_.back();
    for (Index i0 = 0; i0 < fast_from.extent; i0 += side)
      for (Index j0 = 0; j0 < fast_out.extent; j0 += side)
        for (Index i = i0; i < std::min(i0 + side, fast_from.extent); ++i)
          for (Index j = j0; j < std::min(j0 + side, fast_out.extent); ++j)
            out[i * fast_from.out_stride + j * fast_out.out_stride] =
                from[i * fast_from.from_stride + j * fast_out.from_stride];
  }

  std::vector<Dimension> dimensions_;
};

}  // namespace tutti::io

// Grids and shapes for the tests of n-dimensional arrays, and their elements on one rank.
#pragma once

#include <vector>

#include "tutti/array/dist_array.hpp"

#include "samples.hpp"

namespace tutti {

/// All grids of so many ranks.
template <std::size_t N>
std::vector<ProcessGrid<N>> grids(int ranks) {
  std::vector<ProcessGrid<N>> all;
  for (int i = 1; i <= ranks; ++i)
    for (int j = 1; i * j <= ranks; ++j) {
      if (ranks % (i * j) != 0) continue;
      const int k = ranks / (i * j);
      if constexpr (N == 1) {
        if (i == ranks) all.push_back(ProcessGrid<N>({i}));
      } else if constexpr (N == 2) {
        if (k == 1) all.push_back(ProcessGrid<N>({i, j}));
      } else {
        all.push_back(ProcessGrid<N>({i, j, k}));
      }
    }
  return all;
}

/// One of a few elements, few on more ranks than planes, and one of usual form; an empty one.
template <std::size_t N>
std::vector<Shape<N>> shapes() {
  if constexpr (N == 1)
    return {{1}, {5}, {193}, {0}};
  else if constexpr (N == 2)
    return {{1, 1}, {3, 2}, {17, 12}, {4, 0}};
  else
    return {{1, 1, 1}, {2, 3, 2}, {9, 6, 7}, {3, 0, 2}};
}

/// f.template operator()<N>() for one, two and three axes.
template <class F>
void for_each_number_of_axes(const F& f) {
  f.template operator()<1>();
  f.template operator()<2>();
  f.template operator()<3>();
}

}  // namespace tutti

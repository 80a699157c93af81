// Copies between memory that is contiguous and memory that is not.
#pragma once

#include <cstddef>

namespace tutti::array {

/// Runs of equal length at equal distances, in bytes.
struct Runs {
  std::size_t length;
  std::size_t count;
};

/// Copies `runs.count` runs of runs.length bytes; from one to the next it is from_stride and to_stride bytes.
void copy_runs(const std::byte* from, std::size_t from_stride, std::byte* to, std::size_t to_stride,
               Runs runs);

}  // namespace tutti::array

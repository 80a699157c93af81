// How much memory a rank may take for the time of one operation.
#pragma once

#include <cstddef>

namespace tutti {

/// The most bytes that a rank takes beside its operands and its result while they are moved. All ranks give
/// the same. More than a few MiB help only where there are many ranks.
struct Workspace {
  std::size_t bytes = std::size_t{64} << 20U;
};

}  // namespace tutti

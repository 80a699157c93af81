// This rank's part of x and y, for the peers that bring no vectors of their own.
#pragma once

#include "../dot/memory.hpp"
#include "peer.hpp"

namespace peer {

struct TwoVectors {
  TwoVectors(const Share& share, Element f, Element g)
      : n(static_cast<std::size_t>(share.count())),
        x(bench::allocate<double>(n)),
        y(bench::allocate<double>(n)) {
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = share.element(f, static_cast<std::int64_t>(i));
      y[i] = share.element(g, static_cast<std::int64_t>(i));
    }
  }
  std::size_t n;
  bench::Memory<double> x, y;
};

}  // namespace peer

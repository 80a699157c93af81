// Parts of a test's World: as many ranks as wanted do something, the others wait.
#pragma once

#include "tutti/comm/world.hpp"

namespace tutti {

/// Collective. Calls f with a World of the first `count` ranks, on these.
template <class F>
void with_ranks(const World& world, int count, const F& f) {
  world.split(world.rank() < count ? 0 : 1, [&](World& sub) {
    if (world.rank() < count) f(sub);
  });
}

}  // namespace tutti

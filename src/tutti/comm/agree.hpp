// A collective without data: for the rooms above, which must not see MPI.
#pragma once

#include <functional>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"

namespace tutti::comm {

/// Collective. All ranks are in the same call, and what `check` throws on one rank is thrown on all. One
/// packet.
void agree(const World& world, const Call& call, const std::function<void()>& check);

/// Collective. The same; and whether `check` returned true on any rank.
bool agree_any(const World& world, const Call& call, const std::function<bool()>& check);

}  // namespace tutti::comm

// The tiers of the SIMD kernels, and the choice of one by hand.
#pragma once

#include <optional>

namespace tutti::exact {

/// Tiers 0 to 4 are chains of that length (ladder.hpp); the last one computes with integers.
inline constexpr int general_tier = 5;

/// The tier that TUTTI_TIER forces upon SIMD kernels, for tests: 0 .. 4 or "general". What that tier cannot
/// take goes to the general one. Results do not depend on it. Read once.
/// @throws UsageError if TUTTI_TIER names no tier.
std::optional<int> forced_tier();

}  // namespace tutti::exact

// Amounts of memory as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tutti::memory {

/// "4GiB" and "4G" are 4 * 2^30, "256GB" is 256 * 10^9, "1.5 TiB", "4096" are what they say. Units from B to
/// P, in either case, with one space before them or none; a fraction of a byte is left out.
/// @return nothing for anything else: no number, a sign, an unknown unit, 2^63 bytes or more.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace tutti::memory

// All elements of an array between the ranks and a file, each rank reading or writing long ranges of it.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "tutti/comm/world.hpp"
#include "tutti/io/local_part.hpp"
#include "tutti/io/placement.hpp"

namespace tutti::io {

/// Takes, or gives, bytes of the array: `offset` bytes behind its first one. At most piece_bytes at a time;
/// each rank in ascending order, and together each byte once.
using TakeBytes = std::function<void(Index offset, std::span<const std::byte> bytes)>;
using GiveBytes = std::function<void(Index offset, std::span<std::byte> bytes)>;

inline constexpr std::size_t piece_bytes = std::size_t{1} << 20U;

/// Collective; to be called inside of together(), so that what `take` or `give` throws on one rank is thrown
/// on all. Elements that form long runs in the file go to it, or come from it, without a message. Others are
/// dealt out in small numbers: then each rank reads or writes a range of the file of its own, piece by piece,
/// and its elements go to their ranks, or come from them, by one exchange() for each piece (two-phase I/O: R.
/// Thakur, W. Gropp, E. Lusk, doi:10.1109/FMPC.1999.750599). At most 2 MiB of buffers a rank; where the
/// elements do not lie side by side in memory, 4 MiB.
/// @param name  of the array, for ledger and errors
void write_elements(const World& world, const Placement& placement, const LocalPart& own,
                    const std::string& name, const TakeBytes& take, Site site);
void read_elements(const World& world, const Placement& placement, const LocalPart& own,
                   const std::string& name, const GiveBytes& give, Site site);

}  // namespace tutti::io

// Whether a job fits its nodes, and if not, what would make it fit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tutti/forecast/forecast.hpp"
#include "tutti/memory/budget.hpp"

namespace tutti::forecast {

enum class Fit : std::uint8_t {
  fits,
  too_close,     ///< it would, were the forecast exact
  does_not_fit,  ///< more than the node has for programs
};
/// "fits", "too close", "does not fit".
const char* name(Fit fit);

/// What a node offers.
struct Room {
  memory::Limit limit;
  bool all_of_the_node = true;  ///< the system needs 1/32 of it: the kernel, its caches, daemons. Not of a
                                ///  budget, which is a part that somebody set aside
  double known_error = 0;       ///< of forecasts here (history.hpp), relative; 0: none known

  std::uint64_t usable() const { return all_of_the_node ? limit.bytes - limit.bytes / 32 : limit.bytes; }
  /// What must be left beside a forecast of `bytes`: 3 %, or the known error if that is larger (at most
  /// 25 %: then it is of programs that book little of what they hold), and at least 4 MiB.
  std::uint64_t margin(std::uint64_t bytes) const;
  Fit judge(std::uint64_t bytes) const;
};

/// The room of a node of this machine: the smallest of TUTTI_MEMORY_BUDGET, Slurm's limits, the cgroup's, and
/// the free memory.
/// @throws UsageError if TUTTI_MEMORY_BUDGET is nonsense
Room room_here();

/// A change, and what it comes to.
struct Remedy {
  std::string change;  ///< "share coordinates (NodeShared)"
  std::uint64_t node_bytes = 0;
  Fit fit = Fit::fits;
};

/// Changes that make the job smaller on a node, the cheapest that suffices first: sharing what is replicated
/// (a few lines of the program), fewer ranks on a node or more nodes (computing time), a smaller type
/// (accuracy); at the end those that help and do not suffice.
std::vector<Remedy> remedies(const Job& job, const Base& base, const Room& room);

}  // namespace tutti::forecast

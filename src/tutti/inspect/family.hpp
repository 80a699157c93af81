// The processes of one rank: the program that was started, and what it has started in its turn.
#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace tutti::inspect {

/// The process and all that descend from it, the process first. A program that is started by a script is one
/// of them. Some 20 us for each.
std::vector<pid_t> family_of(pid_t root);

/// Memory of a rank, in bytes.
struct FamilyMemory {
  std::uint64_t bytes = 0;
  bool proportional = true;  ///< PSS; false: some of it is RSS, because the PSS may not be read
};

/// 0.5 ms and more for each process: the kernel walks all its page tables.
FamilyMemory memory_of(const std::vector<pid_t>& family);

}  // namespace tutti::inspect

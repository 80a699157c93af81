#include "tutti/memory/budget.hpp"

#include <algorithm>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/byte_size.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::memory {

namespace {

// What this process can still get, and from whom.
Limit available() {
  const SystemMemory memory = system_memory();
  if (memory.cgroup && memory.cgroup->available() < memory.available)
    return {memory.cgroup->available(),
            text("the limit of ", bytes_text(memory.cgroup->limit), " of cgroup ", memory.cgroup->folder)};
  return {memory.available, text("this node's ", bytes_text(memory.total))};
}

std::optional<std::uint64_t> environment_number(const char* name) {
  const auto value = environment_text(name);
  return value ? natural_number(*value) : std::nullopt;
}

// Slurm gives mebibytes, of the node or of each processor that the job has on it; 0 means all of the node.
void add_slurm(Budget& budget) {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
  constexpr std::uint64_t largest = UINT64_MAX / mebibyte;
  const auto per_node = environment_number("SLURM_MEM_PER_NODE");
  if (per_node && *per_node > 0 && *per_node <= largest)
    budget.give({*per_node * mebibyte, "SLURM_MEM_PER_NODE"});
  const auto per_core = environment_number("SLURM_MEM_PER_CPU");
  const auto cores = environment_number("SLURM_CPUS_ON_NODE");
  if (per_core && cores && *per_core > 0 && *cores > 0 && *per_core <= largest / *cores)
    budget.give({*per_core * *cores * mebibyte, "SLURM_MEM_PER_CPU and SLURM_CPUS_ON_NODE"});
}

}  // namespace

Budget::Budget() : at_start_(available()) {}

Budget Budget::from_environment() {
  Budget budget;
  if (const auto given = environment_text("TUTTI_MEMORY_BUDGET")) {
    const auto bytes = parse_bytes(*given);
    if (!bytes || *bytes == 0)
      throw UsageError(text("TUTTI_MEMORY_BUDGET ", printable(*given),
                            ": not an amount of memory; give one as 4GiB or 256GB, for each node"),
                       {"TUTTI_MEMORY_BUDGET", {}});
    budget.give({*bytes, "TUTTI_MEMORY_BUDGET"});
  }
  add_slurm(budget);
  return budget;
}

Limit Budget::smallest_given() const {
  const auto smallest = std::min_element(given_.begin(), given_.end(),
                                         [](const Limit& a, const Limit& b) { return a.bytes < b.bytes; });
  return smallest == given_.end() ? Limit{} : *smallest;
}

Limit Budget::left_on_node(std::uint64_t booked) const {
  Limit left = available();
  // Booked memory that nobody has touched yet is not missing in what the system calls available.
  left.bytes = std::min(left.bytes, at_start_.bytes - std::min(booked, at_start_.bytes));
  left.bytes -= left.bytes / 32;
  return left;
}

}  // namespace tutti::memory

// How much memory the ranks of one node may take together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::memory {

/// An amount of memory of one node, and who says so: "TUTTI_MEMORY_BUDGET", "SLURM_MEM_PER_NODE", "cgroup
/// /sys/fs/cgroup/job_17", "free memory of this node".
struct Limit {
  std::uint64_t bytes = UINT64_MAX;
  std::string origin;
};

/// What limits the memory that the ranks of this node book together (ledger.hpp). The smallest limit counts.
///
/// Two kinds: limits that were *given* (TUTTI_MEMORY_BUDGET, SLURM's) bound all that the job takes on the
/// node, the memory of the programs and of MPI included; what the node *has* (a cgroup's limit, free memory)
/// is what there was when the World began, and what there is at the moment of the allocation.
class Budget {
 public:
  /// No given limit, and what the node has.
  Budget();

  /// @throws UsageError if TUTTI_MEMORY_BUDGET is nonsense, naming it. SLURM's variables are believed only as
  /// far as they parse.
  static Budget from_environment();

  const std::vector<Limit>& given() const { return given_; }
  bool is_given() const { return !given_.empty(); }
  /// The smallest given limit; UINT64_MAX without one.
  Limit smallest_given() const;

  /// What of the node's memory may still be booked when `booked` bytes are: the least of what there was at
  /// the beginning less `booked`, and of what there is now; 1/32 of it is left to the system (page tables,
  /// the kernel, MPI). Reads /proc: 50-100 us.
  Limit left_on_node(std::uint64_t booked) const;

  void give(Limit limit) { given_.push_back(std::move(limit)); }

 private:
  std::vector<Limit> given_;
  Limit at_start_;
};

}  // namespace tutti::memory

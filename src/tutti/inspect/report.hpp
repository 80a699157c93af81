// What inspecting found on one node.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tutti/inspect/protocol.hpp"

namespace tutti::inspect {

/// The memory of all ranks of the node together.
struct MemorySample {
  double time = 0;          ///< s since the first rank started
  std::uint64_t bytes = 0;  ///< PSS
};

/// Samples over a run of any length, in bounded memory: when there are too many, each second one is dropped.
/// The peak is always among them.
class MemoryHistory {
 public:
  void add(const MemorySample& sample);
  const std::vector<MemorySample>& samples() const { return samples_; }
  const MemorySample& peak() const { return peak_; }

  static constexpr std::size_t most_samples = 1000;

 private:
  std::vector<MemorySample> samples_;
  MemorySample peak_;
};

/// One look at all pages of the node.
struct ScanResult {
  std::size_t ranks = 0;            ///< that were compared: others may have ended, or not have come yet
  MemorySample memory;              ///< of the node, just before
  double seconds = 0;               ///< reading and hashing, while the program ran
  std::uint64_t private_bytes = 0;  ///< read: resident, private, of all ranks
  std::uint64_t zero_bytes = 0;     ///< of these in pages of zeros, which are left out
  std::uint64_t skipped_bytes = 0;  ///< addresses of mappings too large to look through
  std::uint64_t candidates = 0;     ///< bytes whose hash several ranks had, counted once
  std::uint64_t on_all = 0;         ///< bytes that are the same on all these ranks, counted once
  std::uint64_t on_several = 0;     ///< bytes that are the same on 2 to P - 1 ranks, counted once
  std::uint64_t saved_on_all = 0;   ///< bytes that one copy per node of the former would save
  std::uint64_t saved_on_several = 0;
  double stopped_seconds = 0;  ///< for comparing
  std::vector<Row> rows;       ///< where, the largest saving first
  std::uint64_t saved() const { return saved_on_all + saved_on_several; }
};

/// Whether `a` tells more than `b`: it is clearly nearer to the peak, or as near and finds more.
bool better(const ScanResult& a, const ScanResult& b);

struct NodeReport {
  std::string node;
  std::vector<int> ranks;    ///< of the job, that were seen on this node, ascending
  int job_ranks = 0;         ///< 0: not known
  double seconds = 0;        ///< from the first rank's start to the last one's end
  bool proportional = true;  ///< false: the PSS of some rank could not be read, its RSS stands in
  MemoryHistory history;
  int scans = 0;
  double scan_seconds = 0;          ///< of all scans
  double stopped_seconds = 0;       ///< of all scans
  double longest_stop_seconds = 0;  ///< without a break
  std::optional<ScanResult> scan;   ///< the best of them
  std::string trouble;              ///< why there is no scan, or why it is not complete; empty: it is
};

/// The node's memory if it ran another number of ranks, each like those that were seen.
struct NodeForecast {
  std::uint64_t ranks = 0;
  std::uint64_t bytes = 0;     ///< private memory grows with the ranks; what is shared stays
  std::uint64_t one_copy = 0;  ///< the same with one copy of what is the same
};

/// For the ranks that were compared, and 2, 4 and 16 times as many. Nothing without a scan.
std::vector<NodeForecast> forecasts(const NodeReport& report);

/// Rows of the same mapping become one; the largest saving first.
std::vector<Row> merged(std::span<const Row> rows);

}  // namespace tutti::inspect

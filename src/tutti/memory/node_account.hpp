// The sum of what the ranks of one node have booked: two counters in memory that they share.
#pragma once

#include <atomic>
#include <cstdint>

namespace tutti::memory {

/// All zero at the beginning, so fresh shared memory is one. Lock-free; any process of the node may change it
/// at any time.
struct NodeCounters {
  std::atomic<std::uint64_t> booked;  ///< bytes
  std::atomic<std::uint64_t> peak;    ///< the largest that `booked` has been

  /// Adds `bytes` unless the sum would exceed `limit`. @return whether it was added.
  bool reserve(std::uint64_t bytes, std::uint64_t limit);
  void release(std::uint64_t bytes) { booked.fetch_sub(bytes); }
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "the counters are shared between processes");

}  // namespace tutti::memory

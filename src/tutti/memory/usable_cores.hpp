// How many cores this process may use: what decides whether waiting ranks must yield to one another.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace tutti::memory {

/// A set of core numbers, of fixed size so that ranks can exchange and unite it: bit i of word w is core 64 w
/// + i.
struct CoreSet {
  static constexpr std::size_t capacity = 1024;
  std::array<std::uint64_t, capacity / 64> word{};

  void insert(std::size_t core) { word[core % capacity / 64] |= std::uint64_t{1} << (core % 64); }
  bool contains(std::size_t core) const { return (word[core % capacity / 64] >> (core % 64) & 1U) != 0; }
  CoreSet& operator|=(const CoreSet& other);
  int count() const;
};

/// The cores on which the kernel may run this thread (its affinity: taskset, a launcher's binding, a cpuset).
/// Ranks of one node may be bound to different cores: the node's set is the union. Cores beyond 1023 are
/// counted as their number modulo 1024: on such machines the set may be too small, never too large.
/// @throws SystemError if the system does not tell.
CoreSet usable_core_set();

/// Cores of a set, hyperthreads of one core counted once: what Open MPI calls slots. Where the system does
/// not show its topology, each is counted.
int physical_cores(const CoreSet& set);

/// The quota of processor time of this process's cgroup, in cores (1.5); nothing without one.
std::optional<double> core_quota();

/// Cores of a set under a quota: whole ones, since 1.5 cores do not let 2 ranks spin. At least 1.
int usable_cores(const CoreSet& set, std::optional<double> quota);

}  // namespace tutti::memory

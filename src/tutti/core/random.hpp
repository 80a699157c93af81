// Random numbers keyed by what they are for, not by which rank draws them: the same on any number of ranks.
#pragma once

#include <array>
#include <cstdint>

namespace tutti {

/// Philox4x64-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11,
/// doi:10.1145/2063384.2063405). A pure function of key and counter; no state, so any index in any order.
std::array<std::uint64_t, 4> philox(const std::array<std::uint64_t, 4>& counter,
                                    const std::array<std::uint64_t, 2>& key);

/// A stream of random numbers that is a function of (seed, stream, global index).
/// @example fill x by  Random random(2026);  x.fill([&](Index i) { return random.uniform(i); });
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : key_{seed, stream} {}

  /// 64 random bits for `index`; `draw` counts the numbers that one index needs.
  std::uint64_t bits(std::int64_t index, std::uint64_t draw = 0) const;

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform(std::int64_t index, std::uint64_t draw = 0) const {
    return static_cast<double>(bits(index, draw) >> 11U) * 0x1p-53;
  }

 private:
  std::array<std::uint64_t, 2> key_;
};

}  // namespace tutti

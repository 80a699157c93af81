// Vectors for the tests of this room: numbers that are a function of their global index, all layouts, and
// what one rank gets that holds the whole vector.
#pragma once

#include <bit>
#include <cmath>
#include <tuple>
#include <vector>

#include "tutti/array/reductions.hpp"
#include "tutti/core/random.hpp"

#include "mpi_main.hpp"

namespace tutti {

/// Numbers on which an ordinary sum goes wrong: 240 binades, cancelling pairs, zeros; whole numbers of 56
/// bits.
template <class T>
T sample(Index i, std::uint64_t seed) {
  const std::uint64_t bits = Random(seed).bits(i % 37 == 36 ? i - 1 : i);
  if constexpr (std::is_floating_point_v<T>) {
    if (bits % 19 == 0) return (bits & 32U) != 0 ? T{0} : -T{0};
    constexpr int binades = sizeof(T) == 4 ? 60 : 120;
    const int exponent = static_cast<int>(bits % (2 * binades + 1)) - binades;
    const auto magnitude =
        static_cast<T>(std::ldexp(1 + static_cast<double>(bits >> 12U) * 0x1p-52, exponent));
    return ((bits & 1U) != 0) != (i % 37 == 36) ? -magnitude : magnitude;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return bits >> 8U;
  } else {
    return static_cast<T>(static_cast<std::int64_t>(bits) >> (sizeof(T) == 8 ? 8 : 32));
  }
}

/// A few of each kind of layout, for n elements on P ranks.
inline std::vector<Layout> layouts(Index n, int ranks) {
  std::vector<Index> counts(static_cast<std::size_t>(ranks), 0);
  std::vector<double> weights;
  Index left = n;
  for (int r = ranks - 1; r > 0; --r) {  // the last rank has most, some have nothing
    const Index count = r % 3 == 1 ? 0 : left / 2;
    counts[static_cast<std::size_t>(r)] = count;
    left -= count;
  }
  counts[0] = left;
  for (int r = 0; r < ranks; ++r) weights.push_back(r == 0 ? 1 : r % 2 == 0 ? 0 : 0.7 * r);
  return {block, cyclic, block_cyclic(3), block_cyclic(64), irregular(counts), weighted(weights)};
}

/// 0, 1, fewer than ranks, and around block sizes.
inline const std::vector<Index>& lengths() {
  static const std::vector<Index> all{0, 1, 5, 193};
  return all;
}

/// f.template operator()<T>() for each type of numbers.
template <class F>
void for_each_type(const F& f) {
  f.template operator()<float>();
  f.template operator()<double>();
  f.template operator()<std::int32_t>();
  f.template operator()<std::int64_t>();
  f.template operator()<std::uint64_t>();
}

/// Numbers as bits: NaN equals itself, -0 differs from +0. An integer is its low and high half.
inline std::pair<std::uint64_t, std::uint64_t> bits_of(double value) {
  return {std::bit_cast<std::uint64_t>(value), 0};
}
inline std::pair<std::uint64_t, std::uint64_t> bits_of(Int128 value) {
  return {static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(static_cast<Uint128>(value) >> 64U)};
}

/// Results that must have the same bits on all ranks; compared once, at the end of a test: a collective for
/// each would make 7 ranks on 2 cores slow.
class Agreement {
 public:
  explicit Agreement(const World& world) : world_(world) {}
  Agreement(const Agreement&) = delete;
  Agreement& operator=(const Agreement&) = delete;
  /// Collective.
  ~Agreement() {
    std::vector<std::uint64_t> lowest = noted_, highest = noted_;
    min_elements(world_, lowest);
    max_elements(world_, highest);
    EXPECT_EQ(lowest, highest) << "the bits differ between ranks";
  }

  template <class Number>
  std::pair<std::uint64_t, std::uint64_t> bits(Number value) {
    const auto mine = bits_of(value);
    noted_.push_back(mine.first);
    noted_.push_back(mine.second);
    return mine;
  }

 private:
  const World& world_;
  std::vector<std::uint64_t> noted_;
};

/// What the sum of whole numbers is without ExactSum.
template <class... T>
std::pair<std::uint64_t, std::uint64_t> expected_bits(const ExactSum& sum, Int128 integer) {
  if constexpr ((std::integral<T> && ...))
    return bits_of(integer);
  else
    return bits_of(sum.round());
}

}  // namespace tutti

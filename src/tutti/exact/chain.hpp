// The accumulators of one tier of the SIMD kernels.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__clang__)
#define TUTTI_UNROLL _Pragma("unroll")
#else
#define TUTTI_UNROLL _Pragma("GCC unroll 8")
#endif

namespace tutti::exact {

/// Powers of two that bound the nonzero terms: all are below 2^high, and at least 2^low.
struct Binades {
  int low = 1 << 20;
  int high = -(1 << 20);
  bool none() const { return low > high; }
};

/// 2^exponent, a normal number.
inline double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52U);
}

/// The accumulators of tier K: rows of `slots` numbers, K + 1 for p, and as many for e where terms have one.
/// All rows but the last of each kind start at an offset, 1.5 * 2^exponent.
/// `room` is the number of binades between the terms and the offset, for their sum.
template <int K, bool errors, std::size_t slots, int room>
struct Chain {
  static constexpr int tier = K;
  static constexpr int rows = (K + 1) * (errors ? 2 : 1);
  static constexpr std::size_t width = slots;
  static constexpr int headroom = room;

  alignas(64) std::array<std::array<double, slots>, rows> row;
  int top;  ///< exponent of the first offset; of the unit for K = 0

  Chain() {}  // NOLINT: nothing is read before centre()

  static constexpr bool has_offset(int k) { return k % (K + 1) != K; }
  int offset_exponent(int k) const {
    return top - k % (K + 1) * (53 - headroom) - (k > K ? 53 : 0);  // e lies 53 bits below p
  }
  double offset(int k) const { return has_offset(k) ? 1.5 * power_of_two(offset_exponent(k)) : 0; }
  /// Exponent of a unit of which all accumulators of a row are multiples, as a rule: that of the last bit of
  /// its offset, or, without one, some 46 bits below what the row before leaves over.
  int unit_exponent(int k) const {
    if (K == 0) return top;
    return has_offset(k) ? offset_exponent(k) - 52 : offset_exponent(k - 1) - 100;
  }

  /// Chooses the exponents for such terms of so many significant bits; false if one would be near its limits.
  bool choose_exponents(const Binades& terms, int bits) {
    top = terms.none() ? 0 : K == 0 ? terms.low - bits + 1 : terms.high + headroom;
    return top <= 1000 && unit_exponent(rows - 1) >= -1000;
  }

  /// Whether nothing has ever been left over by the first accumulators: then a plain sum would do.
  bool is_plain() const {
    for (int k = 1; k < rows; ++k)
      for (const double value : row[static_cast<std::size_t>(k)])
        if (value != offset(k)) return false;
    return true;
  }
};

}  // namespace tutti::exact

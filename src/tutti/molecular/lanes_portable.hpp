// Lanes of one number: plain C++, for any processor. The twin that others are compared with.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "tutti/molecular/kernels.hpp"
#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

/// What lanes of float32 and float64 have in common. Real_ is the type of numbers, Integer that of
/// coordinates.
template <class Real_, class Integer, class Point_>
struct PortableLanes {
  using Real = Real_;
  using Scalar = Real_;
  using Int = Integer;
  using Mask = bool;
  using Sum = std::uint64_t;  // those of close pairs may overflow: their rows count for nothing
  using Point = Point_;
  static constexpr std::size_t width = 1;
  static constexpr bool narrow = false;  // sums have 64 bits
  static constexpr std::size_t most_vectors = std::numeric_limits<std::size_t>::max();

  struct Points {
    Int x, y, z, label;
  };
  static Points gather(const Point* block, const std::uint16_t* entries) { return repeat(block[*entries]); }
  static Points repeat(const Point& point) {
    return {static_cast<Int>(point.x), static_cast<Int>(point.y), static_cast<Int>(point.z),
            static_cast<Int>(point.label)};
  }
  static Real lookup(const Real* row, std::size_t, Int label) {
    return row[static_cast<std::uint64_t>(label) & 0xffffU];
  }

  static Mask all() { return true; }
  static Mask first(std::size_t) { return true; }
  static Real broadcast(Real x) { return x; }
  static Real multiply(Real x, Real y) { return x * y; }
  static Real add(Real x, Real y) { return x + y; }
  static Real subtract(Real x, Real y) { return x - y; }
  static Real fma(Real x, Real y, Real z) { return std::fma(x, y, z); }
  static Real root(Real x) { return std::sqrt(x); }
  static Real negate(Real x) { return -x; }
  static Mask less(Mask present, Real x, Real limit) { return present && x < limit; }
  static Real divide(Mask where, Real x, Real y) { return where ? x / y : 0; }
  static Real where(Mask inside, Real x) { return inside ? x : 0; }
  static Real larger(Real x, Real y) { return y > x ? y : x; }
  static bool any_above(Real x, Real limit) { return x > limit; }

  static Sum no_sum() { return 0; }
  static std::int64_t value(Sum sum, std::size_t) { return static_cast<std::int64_t>(sum); }
  using Total = Force;
  static Total no_total() { return {}; }
  static void drain(Total& total, Sum x, Sum y, Sum z, std::size_t) {
    total = {value(x, 1), value(y, 1), value(z, 1), 0};
  }
  static void store(const Total& total, Force& force) { force = total; }
};

/// Forces of precision float.
struct PortableF32 : PortableLanes<float, std::int32_t, Point32> {
  static Real difference(Int a, Int b) {
    return static_cast<float>(
        static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b)));
  }
  static std::int64_t rounded(float f, float d) { return nearest(static_cast<double>(f * d)); }
  static Sum add_rounded(Sum sum, Real f, Real d) { return sum + static_cast<Sum>(rounded(f, d)); }
};

/// Forces and energies of the other precisions.
struct PortableF64 : PortableLanes<double, std::uint64_t, Point64> {
  static Real difference(Int a, Int b) { return static_cast<double>(static_cast<std::int64_t>(a - b)); }
  /// The product, exact, rounded to a whole number; beyond 2^51, where SIMD lanes do not go, rounded twice.
  static std::int64_t rounded(double f, double d) {
    const double product = f * d;
    return std::fabs(product) < 0x1p51 ? nearest(std::fma(f, d, magic) - magic) : nearest(product);
  }
  static Sum add_rounded(Sum sum, Real f, Real d) { return sum + static_cast<Sum>(rounded(f, d)); }
};

/// Energies of precision float: in float64, of the same 32 bits of positions as its forces.
struct PortableE32 : PortableLanes<double, std::int32_t, Point32> {
  static Real difference(Int a, Int b) {
    return static_cast<double>(
        static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b)));
  }
  static std::int64_t rounded(double f, double d) { return PortableF64::rounded(f, d); }
  static Sum add_rounded(Sum sum, Real f, Real d) { return sum + static_cast<Sum>(rounded(f, d)); }
};

}  // namespace tutti::molecular

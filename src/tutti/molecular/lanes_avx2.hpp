// Lanes of AVX2 and FMA: 8 numbers of float32, 4 of float64. Masks are vectors.
#pragma once

#include <cstdint>
#include <limits>

#if defined(__GNUC__) && !defined(__clang__)  // g++ 12 warns of its own header (bug 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include "tutti/molecular/kernels.hpp"
#include "tutti/molecular/rounding.hpp"

#define TUTTI_AVX2 __attribute__((target("avx2,fma")))
#define TUTTI_LANES TUTTI_AVX2 __attribute__((always_inline)) static inline

namespace tutti::molecular {

/// Whole sums of the 64-bit lanes of three vectors, as a force.
TUTTI_LANES void store_sums(__m256i x, __m256i y, __m256i z, Force& force) {
  const __m256i xy = _mm256_add_epi64(_mm256_unpacklo_epi64(x, y), _mm256_unpackhi_epi64(x, y));
  const __m256i pairs = _mm256_add_epi64(z, _mm256_unpackhi_epi64(z, z));  // in the even lanes
  const __m256i z0 = _mm256_blend_epi32(pairs, _mm256_setzero_si256(), 0xcc);
  const __m256i all =
      _mm256_add_epi64(_mm256_permute2x128_si256(xy, z0, 0x20), _mm256_permute2x128_si256(xy, z0, 0x31));
  _mm256_store_si256(reinterpret_cast<__m256i*>(&force), all);
}

TUTTI_LANES __m256i first_lanes(std::size_t n) {
  alignas(32) static constexpr std::int32_t lanes[] = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                       0,  0,  0,  0,  0,  0,  0,  0};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lanes + 8 - n));
}

/// Eight points of 32-bit coordinates, transposed.
struct Avx2Points32 {
  __m256i x, y, z, label;

  TUTTI_LANES __m256i two(const Point32* block, std::size_t first, std::size_t second) {
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(block + first))),
        _mm_load_si128(reinterpret_cast<const __m128i*>(block + second)), 1);
  }
  TUTTI_LANES Avx2Points32 gather(const Point32* block, const std::uint16_t* e) {
    const __m256i r0 = two(block, e[0], e[4]), r1 = two(block, e[1], e[5]);
    const __m256i r2 = two(block, e[2], e[6]), r3 = two(block, e[3], e[7]);
    const __m256i xy01 = _mm256_unpacklo_epi32(r0, r1), zl01 = _mm256_unpackhi_epi32(r0, r1);
    const __m256i xy23 = _mm256_unpacklo_epi32(r2, r3), zl23 = _mm256_unpackhi_epi32(r2, r3);
    return {_mm256_unpacklo_epi64(xy01, xy23), _mm256_unpackhi_epi64(xy01, xy23),
            _mm256_unpacklo_epi64(zl01, zl23), _mm256_unpackhi_epi64(zl01, zl23)};
  }
};

struct Avx2F32Wider;

/// Forces of precision float: differences and sums in 32 bits.
struct Avx2F32 {
  using Real = __m256;
  using Scalar = float;
  using Int = __m256i;
  using Mask = __m256;
  using Sum = __m256i;
  using Point = Point32;
  using Points = Avx2Points32;
  using Wider = Avx2F32Wider;
  static constexpr std::size_t width = 8;
  static constexpr bool narrow = true;
  /// Forces of rows that are not close are below 2^28: so many fit a lane.
  static constexpr std::size_t most_vectors = 8;

  TUTTI_LANES Points gather(const Point* block, const std::uint16_t* entries) {
    return Avx2Points32::gather(block, entries);
  }
  TUTTI_LANES Points repeat(const Point& point) {
    return {_mm256_set1_epi32(point.x), _mm256_set1_epi32(point.y), _mm256_set1_epi32(point.z),
            _mm256_set1_epi32(static_cast<int>(point.label))};
  }
  TUTTI_LANES Real lookup(const float* row, std::size_t, Int label) {
    return _mm256_i32gather_ps(row, _mm256_and_si256(label, _mm256_set1_epi32(0xffff)), 4);
  }
  TUTTI_LANES Real difference(Int a, Int b) { return _mm256_cvtepi32_ps(_mm256_sub_epi32(a, b)); }

  TUTTI_LANES Mask all() { return _mm256_castsi256_ps(_mm256_set1_epi32(-1)); }
  TUTTI_LANES Mask first(std::size_t n) { return _mm256_castsi256_ps(first_lanes(n)); }
  TUTTI_LANES Real broadcast(float x) { return _mm256_set1_ps(x); }
  TUTTI_LANES Real multiply(Real x, Real y) { return _mm256_mul_ps(x, y); }
  TUTTI_LANES Real subtract(Real x, Real y) { return _mm256_sub_ps(x, y); }
  TUTTI_LANES Real fma(Real x, Real y, Real z) { return _mm256_fmadd_ps(x, y, z); }
  TUTTI_LANES Real root(Real x) { return _mm256_sqrt_ps(x); }
  TUTTI_LANES Mask less(Mask present, Real x, Real limit) {
    return _mm256_and_ps(present, _mm256_cmp_ps(x, limit, _CMP_LT_OQ));
  }
  TUTTI_LANES Real divide(Mask where, Real x, Real y) { return _mm256_and_ps(where, _mm256_div_ps(x, y)); }
  TUTTI_LANES Real larger(Real x, Real y) { return _mm256_max_ps(x, y); }
  TUTTI_LANES bool any_above(Real x, float limit) {
    return _mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_set1_ps(limit), _CMP_GT_OQ)) != 0;
  }

  TUTTI_LANES Sum no_sum() { return _mm256_setzero_si256(); }
  TUTTI_LANES Sum add_rounded(Sum sum, Real f, Real d) {
    return _mm256_add_epi32(sum, _mm256_cvtps_epi32(_mm256_mul_ps(f, d)));
  }
  struct Total {
    __m256i x, y, z;
  };
  TUTTI_LANES Total no_total() { return {no_sum(), no_sum(), no_sum()}; }
  TUTTI_LANES __m256i widened(__m256i sum) {
    return _mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(sum)),
                            _mm256_cvtepi32_epi64(_mm256_extracti128_si256(sum, 1)));
  }
  TUTTI_LANES void drain(Total& total, Sum& x, Sum& y, Sum& z, std::size_t) {
    total.x = _mm256_add_epi64(total.x, widened(x));
    total.y = _mm256_add_epi64(total.y, widened(y));
    total.z = _mm256_add_epi64(total.z, widened(z));
    x = y = z = no_sum();
  }
  TUTTI_LANES void store(const Total& total, Force& force) { store_sums(total.x, total.y, total.z, force); }
};

/// What float64 lanes have in common; see Avx512Wide.
struct Avx2Wide {
  using Real = __m256d;
  using Scalar = double;
  using Mask = __m256d;
  using Sum = __m256i;
  static constexpr std::size_t width = 4;
  static constexpr bool narrow = false;
  static constexpr std::size_t most_vectors = std::numeric_limits<std::size_t>::max();

  TUTTI_LANES Mask all() { return _mm256_castsi256_pd(_mm256_set1_epi32(-1)); }
  TUTTI_LANES Mask first(std::size_t n) { return _mm256_castsi256_pd(first_lanes(2 * n)); }
  TUTTI_LANES Real broadcast(double x) { return _mm256_set1_pd(x); }
  TUTTI_LANES Real multiply(Real x, Real y) { return _mm256_mul_pd(x, y); }
  TUTTI_LANES Real add(Real x, Real y) { return _mm256_add_pd(x, y); }
  TUTTI_LANES Real subtract(Real x, Real y) { return _mm256_sub_pd(x, y); }
  TUTTI_LANES Real fma(Real x, Real y, Real z) { return _mm256_fmadd_pd(x, y, z); }
  TUTTI_LANES Real root(Real x) { return _mm256_sqrt_pd(x); }
  TUTTI_LANES Real negate(Real x) { return _mm256_xor_pd(x, _mm256_set1_pd(-0.0)); }
  TUTTI_LANES Mask less(Mask present, Real x, Real limit) {
    return _mm256_and_pd(present, _mm256_cmp_pd(x, limit, _CMP_LT_OQ));
  }
  TUTTI_LANES Real divide(Mask where, Real x, Real y) { return _mm256_and_pd(where, _mm256_div_pd(x, y)); }
  TUTTI_LANES Real where(Mask inside, Real x) { return _mm256_and_pd(inside, x); }
  TUTTI_LANES Real larger(Real x, Real y) { return _mm256_max_pd(x, y); }
  TUTTI_LANES bool any_above(Real x, double limit) {
    return _mm256_movemask_pd(_mm256_cmp_pd(x, _mm256_set1_pd(limit), _CMP_GT_OQ)) != 0;
  }

  TUTTI_LANES Sum no_sum() { return _mm256_setzero_si256(); }
  TUTTI_LANES Sum add_rounded(Sum sum, Real f, Real d) {
    return _mm256_add_epi64(sum, _mm256_castpd_si256(_mm256_fmadd_pd(f, d, _mm256_set1_pd(magic))));
  }
  TUTTI_LANES std::int64_t value(Sum sum, std::size_t vectors) {
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const auto all =
        static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two))));
    return static_cast<std::int64_t>(all - vectors * width * magic_bits);
  }
  struct Total {
    __m256i x, y, z;
  };
  TUTTI_LANES Total no_total() { return {no_sum(), no_sum(), no_sum()}; }
  TUTTI_LANES void drain(Total& total, Sum& x, Sum& y, Sum& z, std::size_t vectors) {
    const std::uint64_t bits = vectors * magic_bits;
    const __m256i offset = _mm256_set1_epi64x(static_cast<long long>(bits));
    total = {_mm256_sub_epi64(x, offset), _mm256_sub_epi64(y, offset), _mm256_sub_epi64(z, offset)};
  }
  TUTTI_LANES void store(const Total& total, Force& force) { store_sums(total.x, total.y, total.z, force); }
};

/// Forces of precision float between close particles: the same products, in sums of 64 bits. They are below
/// 2^51, so that 1.5 * 2^52 rounds them; its bits are taken away again.
struct Avx2F32Wider : Avx2F32 {
  struct Sum {
    __m256i low, high;
  };
  static constexpr std::size_t most_vectors = std::numeric_limits<std::size_t>::max();
  static constexpr bool narrow = false;

  TUTTI_LANES Sum no_sum() { return {_mm256_setzero_si256(), _mm256_setzero_si256()}; }
  TUTTI_LANES __m256i rounded(__m128 product) {
    const __m256d offset = _mm256_set1_pd(magic);
    return _mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(_mm256_cvtps_pd(product), offset)),
                            _mm256_castpd_si256(offset));
  }
  TUTTI_LANES Sum add_rounded(Sum sum, Real f, Real d) {
    const __m256 product = _mm256_mul_ps(f, d);
    return {_mm256_add_epi64(sum.low, rounded(_mm256_castps256_ps128(product))),
            _mm256_add_epi64(sum.high, rounded(_mm256_extractf128_ps(product, 1)))};
  }
  TUTTI_LANES void drain(Total& total, const Sum& x, const Sum& y, const Sum& z, std::size_t) {
    total = {_mm256_add_epi64(x.low, x.high), _mm256_add_epi64(y.low, y.high),
             _mm256_add_epi64(z.low, z.high)};
  }
};

/// Forces and energies of precision double: differences of 64 bits.
struct Avx2F64 : Avx2Wide {
  using Int = __m256i;
  using Point = Point64;
  struct Points {
    Int x, y, z, label;
  };
  TUTTI_LANES Points gather(const Point* block, const std::uint16_t* e) {
    const auto point = [=](std::size_t k) __attribute__((always_inline)) {
      return reinterpret_cast<const __m256i*>(block + e[k]);
    };
    const __m256i r0 = _mm256_load_si256(point(0)), r1 = _mm256_load_si256(point(1));
    const __m256i r2 = _mm256_load_si256(point(2)), r3 = _mm256_load_si256(point(3));
    const __m256i xz01 = _mm256_unpacklo_epi64(r0, r1), yl01 = _mm256_unpackhi_epi64(r0, r1);
    const __m256i xz23 = _mm256_unpacklo_epi64(r2, r3), yl23 = _mm256_unpackhi_epi64(r2, r3);
    return {_mm256_permute2x128_si256(xz01, xz23, 0x20), _mm256_permute2x128_si256(yl01, yl23, 0x20),
            _mm256_permute2x128_si256(xz01, xz23, 0x31), _mm256_permute2x128_si256(yl01, yl23, 0x31)};
  }
  TUTTI_LANES Points repeat(const Point& point) {
    return {_mm256_set1_epi64x(static_cast<long long>(point.x)),
            _mm256_set1_epi64x(static_cast<long long>(point.y)),
            _mm256_set1_epi64x(static_cast<long long>(point.z)),
            _mm256_set1_epi64x(static_cast<long long>(point.label))};
  }
  TUTTI_LANES Real lookup(const double* row, std::size_t, Int label) {
    return _mm256_i64gather_pd(row, _mm256_and_si256(label, _mm256_set1_epi64x(0xffff)), 8);
  }
  // Of all 64 bits, rounded once: the upper half as a number of 3 * 2^67 and more, the lower half as one of
  // 2^52 and more; the offsets go away exactly, and the last addition rounds. AVX2 has no instruction for it.
  TUTTI_LANES Real difference(Int a, Int b) {
    const __m256i d = _mm256_sub_epi64(a, b);
    const __m256i sign_and_top =
        _mm256_srai_epi32(d, 16);  // bits 48 to 63 with the sign, in the upper half of a lane
    __m256i high = _mm256_blend_epi16(sign_and_top, _mm256_setzero_si256(), 0x33);
    high = _mm256_add_epi64(high, _mm256_castpd_si256(_mm256_set1_pd(0x3p67)));
    const __m256i low = _mm256_blend_epi16(d, _mm256_castpd_si256(_mm256_set1_pd(0x1p52)), 0x88);
    const Real upper = _mm256_sub_pd(_mm256_castsi256_pd(high), _mm256_set1_pd(0x3p67 + 0x1p52));
    return _mm256_add_pd(upper, _mm256_castsi256_pd(low));
  }
};

/// Energies of precision float: differences of 32 bits, numbers of 64.
struct Avx2E32 : Avx2Wide {
  using Int = __m128i;
  using Point = Point32;
  struct Points {
    Int x, y, z, label;
  };
  TUTTI_LANES Points gather(const Point* block, const std::uint16_t* e) {
    const auto point = [=](std::size_t k) __attribute__((always_inline)) {
      return reinterpret_cast<const __m128i*>(block + e[k]);
    };
    const __m128i r0 = _mm_load_si128(point(0)), r1 = _mm_load_si128(point(1));
    const __m128i r2 = _mm_load_si128(point(2)), r3 = _mm_load_si128(point(3));
    const __m128i xy01 = _mm_unpacklo_epi32(r0, r1), zl01 = _mm_unpackhi_epi32(r0, r1);
    const __m128i xy23 = _mm_unpacklo_epi32(r2, r3), zl23 = _mm_unpackhi_epi32(r2, r3);
    return {_mm_unpacklo_epi64(xy01, xy23), _mm_unpackhi_epi64(xy01, xy23), _mm_unpacklo_epi64(zl01, zl23),
            _mm_unpackhi_epi64(zl01, zl23)};
  }
  TUTTI_LANES Points repeat(const Point& point) {
    return {_mm_set1_epi32(point.x), _mm_set1_epi32(point.y), _mm_set1_epi32(point.z),
            _mm_set1_epi32(static_cast<int>(point.label))};
  }
  TUTTI_LANES Real lookup(const double* row, std::size_t, Int label) {
    return _mm256_i32gather_pd(row, _mm_and_si128(label, _mm_set1_epi32(0xffff)), 8);
  }
  TUTTI_LANES Real difference(Int a, Int b) { return _mm256_cvtepi32_pd(_mm_sub_epi32(a, b)); }
};

}  // namespace tutti::molecular

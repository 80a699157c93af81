// Lanes of AVX-512 (F, BW, DQ, VL): 16 numbers of float32, 8 of float64.
#pragma once

#include <cstdint>
#include <limits>

#if defined(__GNUC__) && !defined(__clang__)  // g++ 12 warns of its own header (bug 105593)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include "tutti/molecular/kernels.hpp"
#include "tutti/molecular/rounding.hpp"

#define TUTTI_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,popcnt")))
#define TUTTI_LANES TUTTI_AVX512 __attribute__((always_inline)) static inline

namespace tutti::molecular {

/// Whole sums of the 64-bit lanes of three vectors, as a force.
TUTTI_LANES void store_sums(__m512i x, __m512i y, __m512i z, Force& force) {
  const __m512i xy = _mm512_add_epi64(_mm512_unpacklo_epi64(x, y), _mm512_unpackhi_epi64(x, y));
  const __m512i z0 = _mm512_maskz_add_epi64(0x55, z, _mm512_unpackhi_epi64(z, z));
  const __m512i four =  // x y x y z 0 z 0
      _mm512_add_epi64(_mm512_shuffle_i64x2(xy, z0, 0x44), _mm512_shuffle_i64x2(xy, z0, 0xee));
  const __m512i two = _mm512_add_epi64(four, _mm512_shuffle_i64x2(four, four, 0xb1));
  const __m512i both = _mm512_shuffle_i64x2(two, two, 0x08);  // the first and the third quarter
  _mm256_store_si256(reinterpret_cast<__m256i*>(&force), _mm512_castsi512_si256(both));
}

/// Sum of 64-bit lanes. (_mm512_reduce_add_epi64 of g++ adds signed integers, which must not overflow.)
TUTTI_LANES std::uint64_t sum_of_lanes(__m512i x) {
  const __m256i four = _mm256_add_epi64(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
  const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two))));
}

struct Avx512F32Wider;

/// Forces of precision float: differences and sums in 32 bits.
struct Avx512F32 {
  using Real = __m512;
  using Scalar = float;
  using Int = __m512i;
  using Mask = __mmask16;
  using Sum = __m512i;
  using Point = Point32;
  using Wider = Avx512F32Wider;
  static constexpr std::size_t width = 16;
  static constexpr bool narrow = true;
  /// Forces of rows that are not close are below 2^28: so many fit a lane.
  static constexpr std::size_t most_vectors = 8;

  struct Points {
    Int x, y, z, label;
  };
  // Four points of 128 bits to a vector, then a transposition. The processor's own gather takes longer.
  TUTTI_LANES __m512i four(const Point* block, const std::uint16_t* entries) {
    const auto point = [=](std::size_t k) __attribute__((always_inline)) {
      return reinterpret_cast<const __m128i*>(block + entries[k]);
    };
    __m512i all = _mm512_castsi128_si512(_mm_load_si128(point(0)));
    all = _mm512_mask_broadcast_i32x4(all, 0x00f0, _mm_load_si128(point(4)));
    all = _mm512_mask_broadcast_i32x4(all, 0x0f00, _mm_load_si128(point(8)));
    return _mm512_mask_broadcast_i32x4(all, 0xf000, _mm_load_si128(point(12)));
  }
  TUTTI_LANES Points gather(const Point* block, const std::uint16_t* entries) {
    const __m512i r0 = four(block, entries), r1 = four(block, entries + 1);
    const __m512i r2 = four(block, entries + 2), r3 = four(block, entries + 3);
    const __m512i xy01 = _mm512_unpacklo_epi32(r0, r1), zl01 = _mm512_unpackhi_epi32(r0, r1);
    const __m512i xy23 = _mm512_unpacklo_epi32(r2, r3), zl23 = _mm512_unpackhi_epi32(r2, r3);
    return {_mm512_unpacklo_epi64(xy01, xy23), _mm512_unpackhi_epi64(xy01, xy23),
            _mm512_unpacklo_epi64(zl01, zl23), _mm512_unpackhi_epi64(zl01, zl23)};
  }
  TUTTI_LANES Points repeat(const Point& point) {
    return {_mm512_set1_epi32(point.x), _mm512_set1_epi32(point.y), _mm512_set1_epi32(point.z),
            _mm512_set1_epi32(static_cast<int>(point.label))};
  }
  TUTTI_LANES Real lookup(const float* row, std::size_t stride, Int label) {
    const __m512i type = _mm512_and_si512(label, _mm512_set1_epi32(0xffff));
    if (stride == 16) return _mm512_permutexvar_ps(type, _mm512_loadu_ps(row));
    return _mm512_i32gather_ps(type, row, 4);
  }
  TUTTI_LANES Real difference(Int a, Int b) { return _mm512_cvtepi32_ps(_mm512_sub_epi32(a, b)); }

  TUTTI_LANES Mask all() { return 0xffff; }
  TUTTI_LANES Mask first(std::size_t n) { return static_cast<Mask>((1U << n) - 1); }
  TUTTI_LANES Real broadcast(float x) { return _mm512_set1_ps(x); }
  TUTTI_LANES Real multiply(Real x, Real y) { return _mm512_mul_ps(x, y); }
  TUTTI_LANES Real subtract(Real x, Real y) { return _mm512_sub_ps(x, y); }
  TUTTI_LANES Real fma(Real x, Real y, Real z) { return _mm512_fmadd_ps(x, y, z); }
  TUTTI_LANES Real root(Real x) { return _mm512_sqrt_ps(x); }
  TUTTI_LANES Mask less(Mask present, Real x, Real limit) {
    return _mm512_mask_cmp_ps_mask(present, x, limit, _CMP_LT_OQ);
  }
  TUTTI_LANES Real divide(Mask where, Real x, Real y) { return _mm512_maskz_div_ps(where, x, y); }
  TUTTI_LANES Real larger(Real x, Real y) { return _mm512_max_ps(x, y); }
  TUTTI_LANES bool any_above(Real x, float limit) {
    return _mm512_cmp_ps_mask(x, _mm512_set1_ps(limit), _CMP_GT_OQ) != 0;
  }

  TUTTI_LANES Sum no_sum() { return _mm512_setzero_si512(); }
  TUTTI_LANES Sum add_rounded(Sum sum, Real f, Real d) {
    return _mm512_add_epi32(sum, _mm512_cvtps_epi32(_mm512_mul_ps(f, d)));
  }
  struct Total {
    __m512i x, y, z;
  };
  TUTTI_LANES Total no_total() { return {no_sum(), no_sum(), no_sum()}; }
  // Even and odd lanes, with their signs.
  TUTTI_LANES __m512i widened(__m512i sum) {
    return _mm512_add_epi64(_mm512_mul_epi32(sum, _mm512_set1_epi64(1)), _mm512_srai_epi64(sum, 32));
  }
  TUTTI_LANES void drain(Total& total, Sum& x, Sum& y, Sum& z, std::size_t) {
    total.x = _mm512_add_epi64(total.x, widened(x));
    total.y = _mm512_add_epi64(total.y, widened(y));
    total.z = _mm512_add_epi64(total.z, widened(z));
    x = y = z = no_sum();
  }
  TUTTI_LANES void store(const Total& total, Force& force) { store_sums(total.x, total.y, total.z, force); }
};

/// What float64 lanes have in common. A product is rounded to a whole number by adding it to 1.5 * 2^52,
/// fused; then its lower bits are that number, and are added as integers. The offset's bits are taken away at
/// the end.
struct Avx512Wide {
  using Real = __m512d;
  using Scalar = double;
  using Mask = __mmask8;
  using Sum = __m512i;
  static constexpr std::size_t width = 8;
  static constexpr bool narrow = false;
  static constexpr std::size_t most_vectors = std::numeric_limits<std::size_t>::max();

  TUTTI_LANES Real lookup_32(const double* row, std::size_t stride, __m256i type) {
    if (stride == 16)
      return _mm512_permutex2var_pd(_mm512_loadu_pd(row), _mm512_cvtepi32_epi64(type),
                                    _mm512_loadu_pd(row + 8));
    return _mm512_i32gather_pd(type, row, 8);
  }

  TUTTI_LANES Mask all() { return 0xff; }
  TUTTI_LANES Mask first(std::size_t n) { return static_cast<Mask>((1U << n) - 1); }
  TUTTI_LANES Real broadcast(double x) { return _mm512_set1_pd(x); }
  TUTTI_LANES Real multiply(Real x, Real y) { return _mm512_mul_pd(x, y); }
  TUTTI_LANES Real add(Real x, Real y) { return _mm512_add_pd(x, y); }
  TUTTI_LANES Real subtract(Real x, Real y) { return _mm512_sub_pd(x, y); }
  TUTTI_LANES Real fma(Real x, Real y, Real z) { return _mm512_fmadd_pd(x, y, z); }
  TUTTI_LANES Real root(Real x) { return _mm512_sqrt_pd(x); }
  TUTTI_LANES Real negate(Real x) { return _mm512_xor_pd(x, _mm512_set1_pd(-0.0)); }
  TUTTI_LANES Mask less(Mask present, Real x, Real limit) {
    return _mm512_mask_cmp_pd_mask(present, x, limit, _CMP_LT_OQ);
  }
  TUTTI_LANES Real divide(Mask where, Real x, Real y) { return _mm512_maskz_div_pd(where, x, y); }
  TUTTI_LANES Real where(Mask inside, Real x) { return _mm512_maskz_mov_pd(inside, x); }
  TUTTI_LANES Real larger(Real x, Real y) { return _mm512_max_pd(x, y); }
  TUTTI_LANES bool any_above(Real x, double limit) {
    return _mm512_cmp_pd_mask(x, _mm512_set1_pd(limit), _CMP_GT_OQ) != 0;
  }

  TUTTI_LANES Sum no_sum() { return _mm512_setzero_si512(); }
  TUTTI_LANES Sum add_rounded(Sum sum, Real f, Real d) {
    return _mm512_add_epi64(sum, _mm512_castpd_si512(_mm512_fmadd_pd(f, d, _mm512_set1_pd(magic))));
  }
  TUTTI_LANES std::int64_t value(Sum sum, std::size_t vectors) {
    return static_cast<std::int64_t>(sum_of_lanes(sum) - vectors * width * magic_bits);
  }
  struct Total {
    __m512i x, y, z;
  };
  TUTTI_LANES Total no_total() { return {no_sum(), no_sum(), no_sum()}; }
  TUTTI_LANES void drain(Total& total, Sum& x, Sum& y, Sum& z, std::size_t vectors) {
    const std::uint64_t bits = vectors * magic_bits;
    const __m512i offset = _mm512_set1_epi64(static_cast<long long>(bits));
    total = {_mm512_sub_epi64(x, offset), _mm512_sub_epi64(y, offset), _mm512_sub_epi64(z, offset)};
  }
  TUTTI_LANES void store(const Total& total, Force& force) { store_sums(total.x, total.y, total.z, force); }
};

/// Forces of precision float between close particles: the same products, in sums of 64 bits.
struct Avx512F32Wider : Avx512F32 {
  struct Sum {
    __m512i low, high;
  };
  static constexpr std::size_t most_vectors = std::numeric_limits<std::size_t>::max();
  static constexpr bool narrow = false;

  TUTTI_LANES Sum no_sum() { return {_mm512_setzero_si512(), _mm512_setzero_si512()}; }
  TUTTI_LANES Sum add_rounded(Sum sum, Real f, Real d) {
    const __m512 product = _mm512_mul_ps(f, d);
    return {_mm512_add_epi64(sum.low, _mm512_cvtps_epi64(_mm512_castps512_ps256(product))),
            _mm512_add_epi64(sum.high, _mm512_cvtps_epi64(_mm512_extractf32x8_ps(product, 1)))};
  }
  TUTTI_LANES void drain(Total& total, const Sum& x, const Sum& y, const Sum& z, std::size_t) {
    total = {_mm512_add_epi64(x.low, x.high), _mm512_add_epi64(y.low, y.high),
             _mm512_add_epi64(z.low, z.high)};
  }
};

/// Forces and energies of precision double: differences of 64 bits.
struct Avx512F64 : Avx512Wide {
  using Int = __m512i;
  using Point = Point64;
  struct Points {
    Int x, y, z, label;
  };
  TUTTI_LANES __m512i two(const Point* block, std::size_t first, std::size_t second) {
    return _mm512_mask_broadcast_i64x4(
        _mm512_castsi256_si512(_mm256_load_si256(reinterpret_cast<const __m256i*>(block + first))), 0xf0,
        _mm256_load_si256(reinterpret_cast<const __m256i*>(block + second)));
  }
  TUTTI_LANES Points gather(const Point* block, const std::uint16_t* e) {
    const __m512i r0 = two(block, e[0], e[2]), r1 = two(block, e[1], e[3]);
    const __m512i r2 = two(block, e[4], e[6]), r3 = two(block, e[5], e[7]);
    const __m512i xz01 = _mm512_unpacklo_epi64(r0, r1), yl01 = _mm512_unpackhi_epi64(r0, r1);
    const __m512i xz23 = _mm512_unpacklo_epi64(r2, r3), yl23 = _mm512_unpackhi_epi64(r2, r3);
    return {_mm512_shuffle_i64x2(xz01, xz23, 0x88), _mm512_shuffle_i64x2(yl01, yl23, 0x88),
            _mm512_shuffle_i64x2(xz01, xz23, 0xdd), _mm512_shuffle_i64x2(yl01, yl23, 0xdd)};
  }
  TUTTI_LANES Points repeat(const Point& point) {
    return {_mm512_set1_epi64(static_cast<long long>(point.x)),
            _mm512_set1_epi64(static_cast<long long>(point.y)),
            _mm512_set1_epi64(static_cast<long long>(point.z)),
            _mm512_set1_epi64(static_cast<long long>(point.label))};
  }
  TUTTI_LANES Real lookup(const double* row, std::size_t stride, Int label) {
    return lookup_32(row, stride, _mm512_cvtepi64_epi32(_mm512_and_si512(label, _mm512_set1_epi64(0xffff))));
  }
  TUTTI_LANES Real difference(Int a, Int b) { return _mm512_cvtepi64_pd(_mm512_sub_epi64(a, b)); }
};

/// Energies of precision float: differences of 32 bits, numbers of 64.
struct Avx512E32 : Avx512Wide {
  using Int = __m256i;
  using Point = Point32;
  struct Points {
    Int x, y, z, label;
  };
  TUTTI_LANES __m256i two(const Point* block, std::size_t first, std::size_t second) {
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(block + first))),
        _mm_load_si128(reinterpret_cast<const __m128i*>(block + second)), 1);
  }
  TUTTI_LANES Points gather(const Point* block, const std::uint16_t* e) {
    const __m256i r0 = two(block, e[0], e[4]), r1 = two(block, e[1], e[5]);
    const __m256i r2 = two(block, e[2], e[6]), r3 = two(block, e[3], e[7]);
    const __m256i xy01 = _mm256_unpacklo_epi32(r0, r1), zl01 = _mm256_unpackhi_epi32(r0, r1);
    const __m256i xy23 = _mm256_unpacklo_epi32(r2, r3), zl23 = _mm256_unpackhi_epi32(r2, r3);
    return {_mm256_unpacklo_epi64(xy01, xy23), _mm256_unpackhi_epi64(xy01, xy23),
            _mm256_unpacklo_epi64(zl01, zl23), _mm256_unpackhi_epi64(zl01, zl23)};
  }
  TUTTI_LANES Points repeat(const Point& point) {
    return {_mm256_set1_epi32(point.x), _mm256_set1_epi32(point.y), _mm256_set1_epi32(point.z),
            _mm256_set1_epi32(static_cast<int>(point.label))};
  }
  TUTTI_LANES Real lookup(const double* row, std::size_t stride, Int label) {
    return lookup_32(row, stride, _mm256_and_si256(label, _mm256_set1_epi32(0xffff)));
  }
  TUTTI_LANES Real difference(Int a, Int b) { return _mm512_cvtepi32_pd(_mm256_sub_epi32(a, b)); }
};

}  // namespace tutti::molecular

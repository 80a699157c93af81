// The kernels for AVX2 with FMA. See ladder.hpp.
//
// AVX2 has no additions that round silently, so that the inexact flag tells nothing. Here every residue is
// exact beforehand, by two bounds that are checked as cheaply:
//  - from above: the sum of squares of all p of a block (one fma a vector) bounds each p and, by Cauchy and
//    Schwarz, how far the accumulators move. So no accumulator leaves its binade, |accumulator| >= |term|,
//    and FastTwoSum is exact. NaN and infinities fail this test, too;
//  - from below: p times a power of two. With FTZ set, a result below the smallest normal number raises the
//    underflow flag, exact or not, and costs nothing. So p is zero, or so large that its last bit lies on a
//    grid; and e, which ends at most 53 bits below p's last bit, lies on another. What is left over lies on
//    these grids, and is summed without rounding while it stays below 2^53 units.
// The underflow flag is silent as long as all is well: one look at it for a block. FTZ changes nothing else:
// whatever is not zero here is far above the subnormal numbers, or has raised the flag.
#include "tutti/exact/kernel_tables.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include "tutti/exact/ladder.hpp"

// On functions, not on the file: what the file shares with others (inline functions of headers) must run on
// any processor.
#define TUTTI_AVX2 __attribute__((target("avx2,fma")))
#define TUTTI_AVX2_INLINE __attribute__((target("avx2,fma"), always_inline)) inline

namespace tutti::exact {

namespace {

constexpr std::size_t lanes = 4;

TUTTI_AVX2_INLINE __m256d load(const double* x) { return _mm256_loadu_pd(x); }
TUTTI_AVX2_INLINE __m256d load(const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }

}  // namespace

/// The operation op on elements of type Real. Not in the unnamed namespace: g++ 12 forgets that a template
/// given to a template is, and gives the functions of two such kernels one name.
template <Operation op, class Real>
struct Avx2Engine : OperationOn<op, Real> {
  using typename OperationOn<op, Real>::Terms;
  using OperationOn<op, Real>::product;
  using OperationOn<op, Real>::errors;

  // Registers: 16, for K + 1 accumulators of each kind in every slot.
  static constexpr int unroll(int K) { return K == 0 ? 8 : errors ? (K == 1 ? 2 : 1) : K == 1 ? 4 : 2; }
  // An accumulator takes at most 2^9 terms of a block, a lane 2^9. With |term| < 2^high the sum of squares is
  // below 2^(2 high + 9); if it is, each term is below 2^(high + 4.5), and an accumulator moves by less than
  // 2^(high + 9): half of the way from an offset of 1.5 * 2^(high + 11) to the ends of its binade. It may
  // begin the block as far away (has_room). To overstep an end by a rounding does no harm: FastTwoSum needs
  // only |accumulator| >= |term|. The next accumulator has the same room for 2^9 residues.
  static constexpr std::size_t block_size = 2048;
  template <int K>
  using Chain = exact::Chain<K, errors, unroll(K) * lanes, 11>;
  // Residues of up to 2^(offset - 53), 2^9 of them in a block, and half as much from blocks before, add up
  // exactly on a grid of 2^(offset - 96): p reaches 33 binades down to where its last bit lies on it.
  static constexpr int drift = 9;
  template <int K>
  static int grid_exponent(const Chain<K>& chain) {
    return chain.offset_exponent(K - 1) - 96;
  }

  TUTTI_AVX2_INLINE static __m256d absolute(__m256d x) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), x); }
  TUTTI_AVX2_INLINE static __m256d first(const Terms& terms, std::size_t i) {
    const __m256d x = load(terms.x + i);
    return op == Operation::magnitudes ? absolute(x) : x;
  }
  TUTTI_AVX2_INLINE static __m256d second(const Terms& terms, std::size_t i, __m256d x) {
    if constexpr (op == Operation::dot) return load(terms.y + i);
    return x;
  }
  template <class SomeChain>
  static auto* row(SomeChain& chain, int k, int vector = 0) {
    return chain.row[static_cast<std::size_t>(k)].data() + lanes * static_cast<std::size_t>(vector);
  }

  static constexpr std::uint32_t mode = StickyFlags::flushing;
  static constexpr std::uint32_t flags = StickyFlags::underflow;
  // A plain sum has its values on the grid itself, where the test from below is blind.
  static constexpr bool has_plain = false;

  template <int K>
  static bool advance(Chain<K>& chain, const Terms& terms, std::size_t n) {
    if (K == 0) return false;
    const int grid = grid_exponent(chain);
    // Squares of p >= 2^(grid + 52) must not underflow, nor their bound (2^(2 high + 9)) overflow; then all
    // other powers of two are in range, too.
    if (grid < -460 || grid > 400 || chain.top > 500) return false;
    return grid <= -52 ? advance_by<K, false>(chain, terms, n) : advance_by<K, true>(chain, terms, n);
  }

  // Whether all accumulators are so near to their offsets that a block cannot move them too far.
  template <int K>
  TUTTI_AVX2 static bool has_room(const Chain<K>& chain) {
    __m256d within = _mm256_castsi256_pd(_mm256_set1_epi64x(-1));
    for (int k = 0; k < chain.rows; ++k) {
      const __m256d offset = _mm256_set1_pd(chain.offset(k));
      const int reach =
          chain.has_offset(k) ? chain.offset_exponent(k) - 2 : grid_exponent(chain) + 51 - (k > K ? 53 : 0);
      for (std::size_t i = 0; i < chain.width; i += lanes) {
        const __m256d way = absolute(_mm256_sub_pd(_mm256_load_pd(row(chain, k) + i), offset));
        within = _mm256_and_pd(within, _mm256_cmp_pd(way, _mm256_set1_pd(power_of_two(reach)), _CMP_LE_OQ));
      }
    }
    return _mm256_movemask_pd(within) == 0xf;
  }

  // Sets the underflow flag unless p is 0 or |p| * scale is a normal number.
  template <bool large>
  TUTTI_AVX2_INLINE static void check_size(__m256d p, __m256d scale) {
    if (large) p = _mm256_mul_pd(p, _mm256_set1_pd(0x1p-600));  // else the scale itself would be subnormal
    __m256d unused;
    asm volatile("vmulpd %1, %2, %0" : "=x"(unused) : "x"(p), "x"(scale));
  }

  // accumulator := RN(accumulator + r); what that leaves over is returned.
  TUTTI_AVX2_INLINE static __m256d absorb(__m256d& accumulator, __m256d r) {
    const __m256d t = _mm256_add_pd(accumulator, r);
    const __m256d q = _mm256_sub_pd(t, accumulator);
    accumulator = t;
    return _mm256_sub_pd(r, q);
  }

  /// The accumulators of a tier while a block runs through them.
  template <int K>
  struct Registers {
    static constexpr int U = unroll(K);
    static constexpr int first_e = errors ? K + 1 : 0;
    __m256d P[K + 1][U];
    __m256d E[K + 1][U];
    __m256d squares[2];

    TUTTI_AVX2_INLINE void load_from(const Chain<K>& chain) {
      TUTTI_UNROLL
      for (int k = 0; k <= K; ++k) {
        TUTTI_UNROLL
        for (int u = 0; u < U; ++u) {
          P[k][u] = _mm256_load_pd(row(chain, k, u));
          if (errors) E[k][u] = _mm256_load_pd(row(chain, first_e + k, u));
        }
      }
      squares[0] = squares[1] = _mm256_setzero_pd();
    }
    TUTTI_AVX2_INLINE void store_to(Chain<K>& chain) const {
      TUTTI_UNROLL
      for (int k = 0; k <= K; ++k) {
        TUTTI_UNROLL
        for (int u = 0; u < U; ++u) {
          _mm256_store_pd(row(chain, k, u), P[k][u]);
          if (errors) _mm256_store_pd(row(chain, first_e + k, u), E[k][u]);
        }
      }
    }

    template <bool large>
    TUTTI_AVX2_INLINE void take(int u, __m256d x, __m256d y, __m256d scale) {
      const __m256d p = product ? _mm256_mul_pd(x, y) : x;
      squares[u % 2] = _mm256_fmadd_pd(p, p, squares[u % 2]);
      check_size<large>(p, scale);
      // The upper part of the term goes to the first accumulator; r is the rest.
      const __m256d t = errors ? _mm256_fmadd_pd(x, y, P[0][u]) : _mm256_add_pd(P[0][u], p);
      __m256d r = _mm256_sub_pd(p, _mm256_sub_pd(t, P[0][u]));
      P[0][u] = t;
      TUTTI_UNROLL
      for (int k = 1; k < K; ++k) r = absorb(P[k][u], r);
      P[K][u] = _mm256_add_pd(P[K][u], r);
      if constexpr (errors) {
        __m256d e = _mm256_fmsub_pd(x, y, p);
        TUTTI_UNROLL
        for (int k = 0; k < K; ++k) e = absorb(E[k][u], e);
        E[K][u] = _mm256_add_pd(E[K][u], e);
      }
    }

    /// Whether no sum of squares is above 2^exponent; false for NaN.
    TUTTI_AVX2_INLINE bool are_below(int exponent) const {
      const __m256d most = _mm256_set1_pd(power_of_two(exponent));
      return _mm256_movemask_pd(_mm256_and_pd(_mm256_cmp_pd(squares[0], most, _CMP_LE_OQ),
                                              _mm256_cmp_pd(squares[1], most, _CMP_LE_OQ))) == 0xf;
    }
  };

  template <int K, bool large>
  TUTTI_AVX2 static bool advance_by(Chain<K>& chain, const Terms& terms, std::size_t n) {
    constexpr int U = unroll(K);
    // 2^(grid + 52) becomes the smallest normal number.
    const __m256d scale = _mm256_set1_pd(power_of_two(-1074 - grid_exponent(chain) + (large ? 600 : 0)));
    Registers<K> registers;
    registers.load_from(chain);
    for (std::size_t i = 0; i < n; i += lanes * U) {
      TUTTI_UNROLL
      for (int u = 0; u < U; ++u) {
        const std::size_t at = i + lanes * static_cast<std::size_t>(u);
        if (u % 2 == 0) {
          fetch_ahead(terms.x + at);
          if constexpr (op == Operation::dot) fetch_ahead(terms.y + at);
        }
        const __m256d x = first(terms, at);
        registers.template take<large>(u, x, second(terms, at, x), scale);
      }
    }
    const bool bounded = registers.are_below(2 * (chain.top - chain.headroom) + 9);
    if (StickyFlags::any_of(flags) || !bounded) [[unlikely]] {
      StickyFlags::clear(mode);
      return false;
    }
    registers.store_to(chain);
    return true;
  }

  template <int K>
  TUTTI_AVX2 static void clear(Chain<K>& chain) {
    for (int k = 0; k < chain.rows; ++k)
      for (std::size_t i = 0; i < chain.width; i += lanes)
        _mm256_store_pd(row(chain, k) + i, _mm256_set1_pd(chain.offset(k)));
  }

  template <int K>
  static bool collapse(const Chain<K>& chain, std::int64_t* units) {
    for (int k = 0; k < chain.rows; ++k)
      if (!collapse_one(chain, k, units[k])) return false;
    return true;
  }
  template <int K>
  static bool collapse_one(const Chain<K>& chain, int k, std::int64_t& units) {
    const double offset = chain.offset(k);
    const double scale = power_of_two(-chain.unit_exponent(k));
    units = 0;
    bool exact = true;
    for (const double value : chain.row[static_cast<std::size_t>(k)]) {
      const double whole = (value - offset) * scale;
      exact = exact && whole > -0x1p57 && whole < 0x1p57;
      if (!exact) break;
      const auto integer = static_cast<std::int64_t>(whole);
      exact = static_cast<double>(integer) == whole;
      units += integer;
    }
    return exact;
  }

  TUTTI_AVX2 static int highest(const Terms& terms, std::size_t n) {
    const __m256i exponent = _mm256_set1_epi64x(0x7ffLL << 52U);
    __m256i highest = _mm256_setzero_si256();
    for (std::size_t i = 0; i < n; i += lanes) {
      const __m256d x = first(terms, i);
      __m256i field = _mm256_srli_epi64(_mm256_and_si256(_mm256_castpd_si256(x), exponent), 1);
      if (product) {
        const __m256d y = second(terms, i, x);
        const __m256i other = _mm256_and_si256(_mm256_castpd_si256(y), exponent);
        field = _mm256_add_epi64(field, _mm256_srli_epi64(other, 1));
      }
      highest = _mm256_max_epu32(highest, field);  // all is in the upper halves
    }
    alignas(32) std::array<std::uint64_t, lanes> highs;
    _mm256_store_si256(reinterpret_cast<__m256i*>(highs.data()), highest);
    return static_cast<int>(*std::max_element(highs.begin(), highs.end()) >> 51U) - (product ? 2044 : 1022);
  }

  TUTTI_AVX2 static Binades binades(const Terms& terms, std::size_t n) {
    const __m256i exponent = _mm256_set1_epi64x(0x7ff);
    const __m256i magnitude = _mm256_set1_epi64x(static_cast<long long>(~(1ULL << 63U)));
    const __m256i zero = _mm256_setzero_si256();
    __m256i highest = zero;
    __m256i lowest = _mm256_set1_epi64x(1 << 20);
    for (std::size_t i = 0; i < n; i += lanes) {
      const __m256i x = _mm256_castpd_si256(first(terms, i));
      __m256i field = _mm256_and_si256(_mm256_srli_epi64(x, 52), exponent);
      __m256i is_zero = _mm256_cmpeq_epi64(_mm256_and_si256(x, magnitude), zero);
      __m256i subnormal = _mm256_cmpeq_epi64(field, zero);
      if (product) {
        const __m256i y = _mm256_castpd_si256(second(terms, i, _mm256_castsi256_pd(x)));
        const __m256i other = _mm256_and_si256(_mm256_srli_epi64(y, 52), exponent);
        is_zero = _mm256_or_si256(is_zero, _mm256_cmpeq_epi64(_mm256_and_si256(y, magnitude), zero));
        subnormal = _mm256_or_si256(subnormal, _mm256_cmpeq_epi64(other, zero));
        field = _mm256_add_epi64(field, other);
      }
      const __m256i upper = _mm256_andnot_si256(is_zero, field);
      highest = _mm256_blendv_epi8(highest, upper, _mm256_cmpgt_epi64(upper, highest));
      // Subnormal numbers reach far down; zeros do not count.
      __m256i lower = _mm256_sub_epi64(field, _mm256_and_si256(subnormal, _mm256_set1_epi64x(2000)));
      lower = _mm256_blendv_epi8(lower, lowest, is_zero);
      lowest = _mm256_blendv_epi8(lowest, lower, _mm256_cmpgt_epi64(lowest, lower));
    }
    alignas(32) std::array<std::int64_t, lanes> highs;
    alignas(32) std::array<std::int64_t, lanes> lows;
    _mm256_store_si256(reinterpret_cast<__m256i*>(highs.data()), highest);
    _mm256_store_si256(reinterpret_cast<__m256i*>(lows.data()), lowest);
    constexpr int bias = product ? 2046 : 1023;
    return {static_cast<int>(*std::min_element(lows.begin(), lows.end())) - bias,
            static_cast<int>(*std::max_element(highs.begin(), highs.end())) - bias + (product ? 2 : 1)};
  }
};

std::optional<Kernel> avx2_kernel() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return std::nullopt;
  return Kernel{"avx2", LadderKernels<Avx2Engine, double>::set, LadderKernels<Avx2Engine, float>::set};
}

}  // namespace tutti::exact

#else

namespace tutti::exact {
std::optional<Kernel> avx2_kernel() { return std::nullopt; }
}  // namespace tutti::exact

#endif

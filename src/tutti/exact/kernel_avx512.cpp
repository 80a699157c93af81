// The kernels for AVX-512 (F and DQ): additions that are meant to round say so themselves (embedded rounding
// sets no flags), so that the sticky flags speak of the others alone. See ladder.hpp.
//
// A dot product takes 10 operations for 8 products, where a plain one takes 1 and waits for its 128 bytes.
// Of the operations that add or subtract, about half are written as fused multiply-adds by 1: processors
// with separate pipes for the two (Zen 4 and 5) do both at once.
#include "tutti/exact/kernel_tables.hpp"

#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)  // g++ 12 warns of its own header (bug 105593)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include "tutti/exact/ladder.hpp"

// On functions, not on the file: what the file shares with others (inline functions of headers) must run on
// any processor.
// Not inlined: what is done again after the flags were cleared must not be taken from the first time.
#define TUTTI_AVX512 __attribute__((target("avx512f,avx512dq,fma"), noinline))
#define TUTTI_AVX512_INLINE __attribute__((target("avx512f,avx512dq,fma"), always_inline)) inline
namespace tutti::exact {

namespace {

constexpr int silent = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
constexpr std::size_t lanes = 8;

TUTTI_AVX512_INLINE __m512d load(const double* x) { return _mm512_loadu_pd(x); }
TUTTI_AVX512_INLINE __m512d load(const float* x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }

}  // namespace

/// The operation op on elements of type Real. Not in the unnamed namespace: g++ 12 forgets that a template
/// given to a template is, and gives the functions of two such kernels one name.
template <Operation op, class Real>
struct Avx512Engine : OperationOn<op, Real> {
  using typename OperationOn<op, Real>::Terms;
  using OperationOn<op, Real>::product;
  using OperationOn<op, Real>::errors;

  // Registers: 32, for K + 1 accumulators of each kind in every slot. Latency: 4 cycles an operation.
  static constexpr int unroll(int K) { return K == 0 ? 8 : K == 1 || !errors ? 4 : 2; }
  template <int K>
  using Chain = exact::Chain<K, errors, unroll(K) * lanes, 7>;
  static constexpr std::uint32_t mode = StickyFlags::gradual;
  static constexpr std::uint32_t flags =
      StickyFlags::invalid | StickyFlags::overflow | StickyFlags::underflow | StickyFlags::inexact;
  static constexpr bool has_plain = true;
  static constexpr int drift = 6;
  static constexpr std::size_t block_size = 8192;

  TUTTI_AVX512_INLINE static __m512d first(const Terms& terms, std::size_t i) {
    const __m512d x = load(terms.x + i);
    return op == Operation::magnitudes ? _mm512_abs_pd(x) : x;
  }
  TUTTI_AVX512_INLINE static __m512d second(const Terms& terms, std::size_t i, __m512d x) {
    if constexpr (op == Operation::dot) return load(terms.y + i);
    return x;
  }

  template <class SomeChain>
  static auto* row(SomeChain& chain, int k, int vector = 0) {
    return chain.row[static_cast<std::size_t>(k)].data() + lanes * static_cast<std::size_t>(vector);
  }

  template <int K>
  static bool has_room(const Chain<K>&) {
    return true;  // advance() tells
  }

  template <int K>
  static bool advance(Chain<K>& chain, const Terms& terms, std::size_t n) {
    return K > 1 || terms.streams ? advance_by<K, true>(chain, terms, n)
                                  : advance_by<K, (K > 1)>(chain, terms, n);
  }

  // accumulator := RN(accumulator + r); what that leaves over is returned.
  TUTTI_AVX512_INLINE static __m512d absorb(__m512d& accumulator, __m512d r, __m512d one) {
    const __m512d t = _mm512_add_round_pd(accumulator, r, silent);
    const __m512d q = _mm512_sub_pd(t, accumulator);
    accumulator = t;
    return _mm512_fnmadd_pd(q, one, r);
  }

  /// The accumulators of a tier while a block runs through them.
  template <int K>
  struct Registers {
    static constexpr int U = unroll(K);
    static constexpr int first_e = errors ? K + 1 : 0;
    __m512d P[K + 1][U];
    __m512d E[K + 1][U];

    TUTTI_AVX512_INLINE void load_from(const Chain<K>& chain) {
      TUTTI_UNROLL
      for (int k = 0; k <= K; ++k) {
        TUTTI_UNROLL
        for (int u = 0; u < U; ++u) {
          P[k][u] = _mm512_load_pd(row(chain, k, u));
          if (errors) E[k][u] = _mm512_load_pd(row(chain, first_e + k, u));
        }
      }
    }
    TUTTI_AVX512_INLINE void store_to(Chain<K>& chain) const {
      TUTTI_UNROLL
      for (int k = 0; k <= K; ++k) {
        TUTTI_UNROLL
        for (int u = 0; u < U; ++u) {
          _mm512_store_pd(row(chain, k, u), P[k][u]);
          if (errors) _mm512_store_pd(row(chain, first_e + k, u), E[k][u]);
        }
      }
    }

    TUTTI_AVX512_INLINE void take(int u, __m512d x, __m512d y, __m512d one) {
      if constexpr (K == 0) {
        P[0][u] = product ? _mm512_fmadd_pd(x, y, P[0][u]) : _mm512_add_pd(P[0][u], x);
        return;
      }
      // The upper part of the term goes to the first accumulator; r is the rest.
      const __m512d t =
          product ? _mm512_fmadd_round_pd(x, y, P[0][u], silent) : _mm512_add_round_pd(P[0][u], x, silent);
      const __m512d q = _mm512_sub_pd(t, P[0][u]);
      const __m512d p = errors ? _mm512_mul_round_pd(x, y, silent) : x;
      __m512d r = product && !errors ? _mm512_fmsub_pd(x, y, q) : _mm512_fnmadd_pd(q, one, p);
      P[0][u] = t;
      TUTTI_UNROLL
      for (int k = 1; k < K; ++k) r = absorb(P[k][u], r, one);
      P[K][u] = _mm512_fmadd_pd(r, one, P[K][u]);
      if constexpr (errors) {
        __m512d e = _mm512_fmsub_pd(x, y, p);
        TUTTI_UNROLL
        for (int k = 0; k < K; ++k) e = absorb(E[k][u], e, one);
        E[K][u] = _mm512_fmadd_pd(e, one, E[K][u]);
      }
    }

    /// Completes all of it before the look at the flags. What is not finite need not have set one.
    TUTTI_AVX512_INLINE bool are_finite() {
      __mmask8 bad = 0;
      TUTTI_UNROLL
      for (int k = 0; k <= K; ++k) {
        TUTTI_UNROLL
        for (int u = 0; u < U; ++u) {
          asm volatile("" : "+v"(P[k][u]));
          if (errors) asm volatile("" : "+v"(E[k][u]));
          if (k == 0) bad |= _mm512_fpclass_pd_mask(P[k][u], 0x99);  // NaN or infinite
        }
      }
      return bad == 0;
    }
  };

  template <int K, bool streams>
  TUTTI_AVX512 static bool advance_by(Chain<K>& chain, const Terms& terms, std::size_t n) {
    constexpr int U = unroll(K);
    Registers<K> registers;
    registers.load_from(chain);
    __m512d one = _mm512_set1_pd(1);
    asm volatile("" : "+v"(one));  // a multiplication by it must stay one
    for (std::size_t i = 0; i < n; i += lanes * U) {
      TUTTI_UNROLL
      for (int u = 0; u < U; ++u) {
        const std::size_t at = i + lanes * static_cast<std::size_t>(u);
        if constexpr (streams) fetch_ahead(terms.x + at);
        if constexpr (streams && op == Operation::dot) fetch_ahead(terms.y + at);
        const __m512d x = first(terms, at);
        registers.take(u, x, second(terms, at, x), one);
      }
    }
    const bool finite = registers.are_finite();
    if (StickyFlags::any_of(flags) || !finite) [[unlikely]] {
      StickyFlags::clear(mode);
      return false;
    }
    registers.store_to(chain);
    return true;
  }

  template <int K>
  TUTTI_AVX512 static void clear(Chain<K>& chain) {
    constexpr int U = unroll(K);
    TUTTI_UNROLL
    for (int k = 0; k < Chain<K>::rows; ++k) {
      const __m512d offset = _mm512_set1_pd(chain.offset(k));
      TUTTI_UNROLL
      for (int u = 0; u < U; ++u) _mm512_store_pd(row(chain, k, u), offset);
    }
  }

  template <int K>
  TUTTI_AVX512 static bool collapse(const Chain<K>& chain, std::int64_t* units) {
    __m512i sizes = _mm512_setzero_si512();
    TUTTI_UNROLL
    for (int k = 0; k < Chain<K>::rows; ++k) units[k] = collapse_row(chain, k, sizes);
    return is_exact(sizes);
  }
  template <int K>
  TUTTI_AVX512 static bool collapse_one(const Chain<K>& chain, int k, std::int64_t& units) {
    __m512i sizes = _mm512_setzero_si512();
    units = collapse_row(chain, k, sizes);
    return is_exact(sizes);
  }
  template <int K>
  TUTTI_AVX512_INLINE static std::int64_t collapse_row(const Chain<K>& chain, int k, __m512i& sizes) {
    constexpr int U = unroll(K);
    const __m512d offset = _mm512_set1_pd(chain.offset(k));
    const __m512d scale = _mm512_set1_pd(power_of_two(-chain.unit_exponent(k)));
    __m512i sum = _mm512_setzero_si512();
    TUTTI_UNROLL
    for (int u = 0; u < U; ++u) {
      const __m512d part = _mm512_sub_pd(_mm512_load_pd(row(chain, k, u)), offset);
      const __m512i whole = _mm512_cvtpd_epi64(_mm512_mul_pd(part, scale));
      sum = _mm512_add_epi64(sum, whole);
      sizes = _mm512_or_epi64(sizes, _mm512_abs_epi64(whole));
    }
    asm volatile("" : "+v"(sum));  // before the look at the flags
    return sum_of_lanes(sum);
  }
  // _mm512_reduce_add_epi64 of g++ overflows as signed integers do where the units are not valid.
  TUTTI_AVX512_INLINE static std::int64_t sum_of_lanes(__m512i x) {
    const __m256i four = _mm256_add_epi64(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return _mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
  }
  TUTTI_AVX512_INLINE static bool is_exact(__m512i sizes) {
    constexpr long long largest = 1LL << 57U;  // 2^6 of them do not overflow
    const bool small = _mm512_cmpge_epu64_mask(sizes, _mm512_set1_epi64(largest)) == 0;
    if (!StickyFlags::any_of(flags)) return small;
    StickyFlags::clear(mode);
    return false;
  }

  TUTTI_AVX512 static int highest(const Terms& terms, std::size_t n) {
    const __m512i exponent = _mm512_set1_epi64(0x7ffLL << 52U);
    __m512i highest = _mm512_setzero_si512();
    for (std::size_t i = 0; i < n; i += lanes) {
      const __m512d x = first(terms, i);
      __m512i field = _mm512_and_epi64(_mm512_castpd_si512(x), exponent);
      if (product) {
        const __m512d y = second(terms, i, x);
        field = _mm512_add_epi64(field, _mm512_and_epi64(_mm512_castpd_si512(y), exponent));
      }
      highest = _mm512_max_epu64(highest, field);
    }
    return static_cast<int>(_mm512_reduce_max_epu64(highest) >> 52U) - (product ? 2044 : 1022);
  }

  TUTTI_AVX512 static Binades binades(const Terms& terms, std::size_t n) {
    const __m512i exponent = _mm512_set1_epi64(0x7ff);
    const __m512i magnitude = _mm512_set1_epi64(~(1ULL << 63U));
    __m512i highest = _mm512_setzero_si512();
    __m512i lowest = _mm512_set1_epi64(1 << 20);
    for (std::size_t i = 0; i < n; i += lanes) {
      const __m512i x = _mm512_castpd_si512(first(terms, i));
      __m512i field = _mm512_and_epi64(_mm512_srli_epi64(x, 52), exponent);
      __mmask8 nonzero = _mm512_test_epi64_mask(x, magnitude);
      __mmask8 subnormal = _mm512_testn_epi64_mask(field, field);
      if (product) {
        const __m512i y = _mm512_castpd_si512(second(terms, i, _mm512_castsi512_pd(x)));
        const __m512i other = _mm512_and_epi64(_mm512_srli_epi64(y, 52), exponent);
        nonzero &= _mm512_test_epi64_mask(y, magnitude);
        subnormal |= _mm512_testn_epi64_mask(other, other);
        field = _mm512_add_epi64(field, other);
      }
      highest = _mm512_mask_max_epi64(highest, nonzero, highest, field);
      // Subnormal numbers reach far down.
      field = _mm512_mask_sub_epi64(field, subnormal, field, _mm512_set1_epi64(2000));
      lowest = _mm512_mask_min_epi64(lowest, nonzero, lowest, field);
    }
    constexpr int bias = product ? 2046 : 1023;
    return {static_cast<int>(_mm512_reduce_min_epi64(lowest)) - bias,
            static_cast<int>(_mm512_reduce_max_epi64(highest)) - bias + (product ? 2 : 1)};
  }
};

std::optional<Kernel> avx512_kernel() {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return std::nullopt;
  return Kernel{"avx512", LadderKernels<Avx512Engine, double>::set, LadderKernels<Avx512Engine, float>::set};
}

}  // namespace tutti::exact

#else

namespace tutti::exact {
std::optional<Kernel> avx512_kernel() { return std::nullopt; }
}  // namespace tutti::exact

#endif

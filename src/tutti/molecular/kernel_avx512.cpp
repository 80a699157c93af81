// The kernel for AVX-512.
#include "tutti/molecular/kernel_tables.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <cmath>

#include "tutti/molecular/lanes_avx512.hpp"

#define TUTTI_TARGET TUTTI_AVX512
#include "tutti/molecular/row_loops.hpp"

namespace tutti::molecular {

namespace {

// Two particles at once; of the last one alone if `mask` says so.
TUTTI_INLINE __m512d advance_two(Position* position, Momentum* momentum, const Force* force, __mmask8 mask,
                                 __m512i half_kicks, __m512d displacement, __m512d length) {
  constexpr __mmask8 axes_of_two = 0x77;
  const __m512i impulse = _mm512_mullo_epi64(half_kicks, _mm512_maskz_loadu_epi64(mask, force));
  const __m512i p = _mm512_add_epi64(_mm512_maskz_loadu_epi64(mask, momentum), impulse);
  _mm512_mask_storeu_epi64(momentum, mask, p);
  const __m512d way = _mm512_maskz_mul_pd(axes_of_two & mask, displacement, _mm512_cvtepi64_pd(p));
  const __m512i step = _mm512_cvtpd_epi64(way);
  const __m512i before = _mm512_maskz_loadu_epi64(mask, position);
  const __m512i after = _mm512_add_epi64(before, step);
  _mm512_mask_storeu_epi64(position, mask, after);
  // Across the boundary: up and smaller, or down and larger.
  const __mmask8 down = _mm512_movepi64_mask(step);
  const __mmask8 smaller = _mm512_cmplt_epu64_mask(after, before);
  const __mmask8 larger = _mm512_cmpgt_epu64_mask(after, before);
  const auto crossed = static_cast<unsigned>((~down & smaller) | (down & larger)) & axes_of_two;
  if (crossed != 0) [[unlikely]]
    for (unsigned lane = 0; lane < 8; ++lane)
      if ((crossed >> lane & 1U) != 0) {
        Images& images = momentum[lane / 4].images;
        const int axis = static_cast<int>(lane % 4);
        images.set(axis, images[axis] + ((down >> lane & 1U) != 0 ? -1 : 1));
      }
  const __m512d far = _mm512_mul_pd(way, length);
  const __m512d squares = _mm512_mul_pd(far, far);
  const __m512d pairs = _mm512_add_pd(squares, _mm512_permute_pd(squares, 0x55));  // x + y, z + 0
  return _mm512_add_pd(pairs, _mm512_permutex_pd(pairs, 0x4e));
}

TUTTI_AVX512 double advance(Position* positions, Momentum* momenta, const Force* forces, std::size_t count,
                            std::int64_t half_kicks, const MotionConstants& constants) {
  const __m512i kicks = _mm512_set1_epi64(half_kicks);
  const __m512d length = _mm512_broadcast_f64x4(_mm256_loadu_pd(constants.length.data()));
  const auto* displacement = constants.displacement.data();
  __m512d longest = _mm512_setzero_pd();
  std::size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    const __m512d both =
        _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(displacement[positions[i].type()].data())),
                           _mm256_loadu_pd(displacement[positions[i + 1].type()].data()), 1);
    longest = _mm512_max_pd(longest,
                            advance_two(positions + i, momenta + i, forces + i, 0xff, kicks, both, length));
  }
  if (i < count) {
    const __m512d one = _mm512_castpd256_pd512(_mm256_loadu_pd(displacement[positions[i].type()].data()));
    longest =
        _mm512_max_pd(longest, advance_two(positions + i, momenta + i, forces + i, 0x0f, kicks, one, length));
  }
  return _mm512_reduce_max_pd(longest);
}

TUTTI_AVX512 void copy(const void* from, std::size_t bytes, void* to) {
  for (std::size_t k = 0; k < bytes; k += 64)
    _mm512_storeu_si512(static_cast<char*>(to) + k, _mm512_loadu_si512(static_cast<const char*>(from) + k));
}

TUTTI_AVX512 void points32(const Position* positions, std::size_t count, const Resolution& resolution,
                           Point32* points) {
  const __m512i shift = _mm512_broadcast_i64x4(
      _mm256_setr_epi64x(resolution.shift[0], resolution.shift[1], resolution.shift[2], 0));
  for (std::size_t k = 0; k < count; k += 2)
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(points + k),
                        _mm512_cvtepi64_epi32(_mm512_srlv_epi64(_mm512_loadu_si512(positions + k), shift)));
}

// The upper halves of x - centre of 16 positions, as 16-bit numbers.
TUTTI_INLINE __m256i coarse_of(__m512i low, __m512i high, std::uint64_t centre, float scale) {
  const __m512i c = _mm512_set1_epi64(static_cast<long long>(centre));
  const __m256i first = _mm512_cvtepi64_epi32(_mm512_srli_epi64(_mm512_sub_epi64(low, c), 32));
  const __m256i second = _mm512_cvtepi64_epi32(_mm512_srli_epi64(_mm512_sub_epi64(high, c), 32));
  const __m512 scaled =
      _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1)),
                    _mm512_set1_ps(scale));
  return _mm512_cvtsepi32_epi16(_mm512_cvttps_epi32(scaled));
}

TUTTI_AVX512 void coarse(const Position* positions, std::size_t count,
                         const std::array<std::uint64_t, axes>& centre, const std::array<float, axes>& scale,
                         const Coarse& result) {
  alignas(64) static constexpr std::uint16_t in_order[] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                           8, 9, 10, 11, 12, 13, 14, 15};
  for (std::size_t k = 0; k < count; k += 16) {
    Avx512F64::Points low;
    Avx512F64::Points high;
    if (count - k >= 16) {
      low = Avx512F64::gather(positions + k, in_order);
      high = Avx512F64::gather(positions + k, in_order + 8);
    } else {
      std::uint16_t some[16];
      for (std::size_t j = 0; j < 16; ++j) some[j] = static_cast<std::uint16_t>(std::min(j, count - k - 1));
      low = Avx512F64::gather(positions + k, some);
      high = Avx512F64::gather(positions + k, some + 8);
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(result.x + k),
                        coarse_of(low.x, high.x, centre[0], scale[0]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(result.y + k),
                        coarse_of(low.y, high.y, centre[1], scale[1]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(result.z + k),
                        coarse_of(low.z, high.z, centre[2], scale[2]));
  }
}

TUTTI_INLINE __m512i upper_square(const std::int16_t* x, __m512i centre) {
  const __m512i d = _mm512_subs_epi16(_mm512_loadu_si512(x), centre);
  return _mm512_mulhi_epi16(d, d);
}

// Which of 32 candidates are near. Their number is all that the next 32 have to wait for.
struct Vicinity {
  Candidates candidates;  // a copy: what is written could be the pointers themselves
  __m512i x, y, z, limit;

  TUTTI_INLINE Vicinity(const Candidates& all, std::int16_t cx, std::int16_t cy, std::int16_t cz,
                        std::uint16_t most)
      : candidates(all),
        x(_mm512_set1_epi16(cx)),
        y(_mm512_set1_epi16(cy)),
        z(_mm512_set1_epi16(cz)),
        limit(_mm512_set1_epi16(static_cast<short>(most))) {}

  TUTTI_INLINE __mmask32 near(std::size_t k) const {
    const __m512i sum = _mm512_add_epi16(
        _mm512_add_epi16(upper_square(candidates.x + k, x), upper_square(candidates.y + k, y)),
        upper_square(candidates.z + k, z));
    return _mm512_cmple_epu16_mask(sum, limit);
  }
};

// Compressing 16-bit lanes takes VBMI2, which came later than the rest.
__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,fma,popcnt"))) std::size_t
select_vbmi2(const Candidates& candidates, std::int16_t x, std::int16_t y, std::int16_t z,
             std::uint16_t limit, std::uint16_t* selected) {
  const Vicinity vicinity(candidates, x, y, z, limit);
  std::uint16_t* next = selected;
  for (std::size_t k = 0; k < vicinity.candidates.count; k += 32) {
    const __mmask32 near = vicinity.near(k);
    const __m512i names = _mm512_loadu_si512(vicinity.candidates.names + k);
    _mm512_storeu_si512(next, _mm512_maskz_compress_epi16(near, names));
    next += _mm_popcnt_u32(near);
  }
  return static_cast<std::size_t>(next - selected);
}

TUTTI_INLINE std::uint16_t* select_half(__mmask16 near, const std::uint16_t* names, std::uint16_t* next) {
  const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(names)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(next),
                      _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(near, wide)));
  return next + _mm_popcnt_u32(near);
}

TUTTI_AVX512 std::size_t select(const Candidates& candidates, std::int16_t x, std::int16_t y, std::int16_t z,
                                std::uint16_t limit, std::uint16_t* selected) {
  const Vicinity vicinity(candidates, x, y, z, limit);
  std::uint16_t* next = selected;
  for (std::size_t k = 0; k < vicinity.candidates.count; k += 32) {
    const __mmask32 near = vicinity.near(k);
    const std::uint16_t* const names = vicinity.candidates.names + k;
    next = select_half(static_cast<__mmask16>(near), names, next);
    next = select_half(static_cast<__mmask16>(near >> 16U), names + 16, next);
  }
  return static_cast<std::size_t>(next - selected);
}

}  // namespace

std::optional<Kernel> avx512_kernel() {
  std::optional<Kernel> kernel = avx512_kernel_without_vbmi2();
  if (kernel && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("popcnt"))
    kernel->select = select_vbmi2;
  return kernel;
}

std::optional<Kernel> avx512_kernel_without_vbmi2() {
  for (const bool has : {__builtin_cpu_supports("avx512f") != 0, __builtin_cpu_supports("avx512bw") != 0,
                         __builtin_cpu_supports("avx512dq") != 0, __builtin_cpu_supports("avx512vl") != 0,
                         __builtin_cpu_supports("fma") != 0})
    if (!has) return std::nullopt;
  return Kernel{.name = "avx512",
                .advance = advance,
                .copy = copy,
                .points32 = points32,
                .coarse = coarse,
                .select = select,
                .forces32 = all_force_rows<Avx512F32>(),
                .forces64 = all_force_rows<Avx512F64>(),
                .energies32 = all_energy_rows<Avx512E32>(),
                .energies64 = all_energy_rows<Avx512F64>()};
}

}  // namespace tutti::molecular

#else

namespace tutti::molecular {
std::optional<Kernel> avx512_kernel() { return std::nullopt; }
std::optional<Kernel> avx512_kernel_without_vbmi2() { return std::nullopt; }
}  // namespace tutti::molecular

#endif

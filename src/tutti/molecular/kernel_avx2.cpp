// The kernel for AVX2 and FMA.
#include "tutti/molecular/kernel_tables.hpp"

#if defined(__x86_64__)

#include "tutti/molecular/lanes_avx2.hpp"

#define TUTTI_TARGET TUTTI_AVX2
#include "tutti/molecular/row_loops.hpp"

namespace tutti::molecular {

namespace {

TUTTI_AVX2 void points32(const Position* positions, std::size_t count, const Resolution& resolution,
                         Point32* points) {
  const __m256i shift = _mm256_setr_epi64x(resolution.shift[0], resolution.shift[1], resolution.shift[2], 0);
  const __m256i lower_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
  for (std::size_t k = 0; k < count; ++k) {
    const __m256i shifted =
        _mm256_srlv_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(positions + k)), shift);
    _mm_store_si128(reinterpret_cast<__m128i*>(points + k),
                    _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(shifted, lower_halves)));
  }
}

TUTTI_INLINE __m256i upper_square(const std::int16_t* x, __m256i centre) {
  const __m256i d = _mm256_subs_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x)), centre);
  return _mm256_mulhi_epi16(d, d);
}

TUTTI_AVX2 std::size_t select(const Candidates& candidates, std::int16_t x, std::int16_t y, std::int16_t z,
                              std::uint16_t limit, std::uint16_t* selected) {
  const __m256i cx = _mm256_set1_epi16(x), cy = _mm256_set1_epi16(y), cz = _mm256_set1_epi16(z);
  const __m256i most = _mm256_set1_epi16(static_cast<short>(limit));
  std::uint16_t* next = selected;
  for (std::size_t k = 0; k < candidates.count; k += 16) {
    const __m256i sum = _mm256_add_epi16(
        _mm256_add_epi16(upper_square(candidates.x + k, cx), upper_square(candidates.y + k, cy)),
        upper_square(candidates.z + k, cz));
    const __m256i near = _mm256_cmpeq_epi16(_mm256_min_epu16(sum, most), sum);
    // Two bits a candidate.
    for (auto bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(near)) & 0x55555555U; bits != 0;
         bits &= bits - 1)
      *next++ = candidates.names[k + static_cast<unsigned>(__builtin_ctz(bits)) / 2];
  }
  return static_cast<std::size_t>(next - selected);
}

}  // namespace

std::optional<Kernel> avx2_kernel() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return std::nullopt;
  Kernel kernel = portable_kernel();  // whose other functions take little time
  kernel.name = "avx2";
  kernel.points32 = points32;
  kernel.select = select;
  kernel.forces32 = all_force_rows<Avx2F32>();
  kernel.forces64 = all_force_rows<Avx2F64>();
  kernel.energies32 = all_energy_rows<Avx2E32>();
  kernel.energies64 = all_energy_rows<Avx2F64>();
  return kernel;
}

}  // namespace tutti::molecular

#else

namespace tutti::molecular {
std::optional<Kernel> avx2_kernel() { return std::nullopt; }
}  // namespace tutti::molecular

#endif

// CRC-32 by carry-less multiplication (V. Gopal et al., "Fast CRC computation for generic polynomials using
// the PCLMULQDQ instruction", Intel, 2009): what lies D bits further on is replaced by what has the same
// remainder here, 16 bytes at a time, with two products. Several of these are under way at once, since one
// takes several cycles. The 16 bytes that are left in the end go through the tables as a message.
#include "tutti/files/crc32_polynomial.hpp"

#if defined(__x86_64__)

#include <array>
#include <immintrin.h>

#define TUTTI_CLMUL __attribute__((target("pclmul,sse4.1")))
#define TUTTI_CLMUL_INLINE __attribute__((target("pclmul,sse4.1"), always_inline)) inline
#define TUTTI_CLMUL512 __attribute__((target("pclmul,sse4.1,avx512f,vpclmulqdq")))
#define TUTTI_CLMUL512_INLINE \
  __attribute__((target("pclmul,sse4.1,avx512f,vpclmulqdq"), always_inline)) inline

namespace tutti::files {

namespace {

// Factors for a distance of D bits: x^(D + 32) for the lower half of 16 bytes, which comes first, x^(D - 32)
// for the upper one. One bit to the left, since products of mirrored polynomials lie one bit to the right.
constexpr std::uint64_t factor(std::uint64_t power) { return std::uint64_t{crc::power_of_x(power)} << 1U; }
constexpr auto lower(std::uint64_t distance) { return static_cast<long long>(factor(distance + 32)); }
constexpr auto upper(std::uint64_t distance) { return static_cast<long long>(factor(distance - 32)); }
static_assert(lower(512) == 0x154442bd4 && upper(512) == 0x1c6e41596, "the paper's constants");

TUTTI_CLMUL_INLINE __m128i load(const std::byte* data) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
}

TUTTI_CLMUL_INLINE __m128i fold(__m128i value, __m128i factors, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(value, factors, 0x00);
  const __m128i high = _mm_clmulepi64_si128(value, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

TUTTI_CLMUL std::uint32_t finish(__m128i folded, std::span<const std::byte> rest) {
  const __m128i factors = _mm_set_epi64x(upper(128), lower(128));
  for (; rest.size() >= 16; rest = rest.subspan(16)) folded = fold(folded, factors, load(rest.data()));
  alignas(16) std::array<std::byte, 16> last;
  _mm_store_si128(reinterpret_cast<__m128i*>(last.data()), folded);
  return ~crc::by_tables(rest, crc::by_tables(last, 0));
}

TUTTI_CLMUL std::uint32_t with_clmul(std::span<const std::byte> bytes, std::uint32_t before) {
  constexpr std::size_t step = 64;
  if (bytes.size() < step) return ~crc::by_tables(bytes, ~before);
  const std::byte* data = bytes.data();
  __m128i value[] = {load(data), load(data + 16), load(data + 32), load(data + 48)};
  value[0] = _mm_xor_si128(value[0], _mm_cvtsi32_si128(static_cast<int>(~before)));
  const __m128i factors = _mm_set_epi64x(upper(512), lower(512));
  std::size_t done = step;
  for (; bytes.size() - done >= step; done += step)
    for (std::size_t i = 0; i < 4; ++i) value[i] = fold(value[i], factors, load(data + done + 16 * i));
  const __m128i near = _mm_set_epi64x(upper(128), lower(128));
  for (std::size_t i = 1; i < 4; ++i) value[i] = fold(value[i - 1], near, value[i]);
  return finish(value[3], bytes.subspan(done));
}

TUTTI_CLMUL512_INLINE __m512i load512(const std::byte* data) { return _mm512_loadu_si512(data); }

TUTTI_CLMUL512_INLINE __m512i fold512(__m512i value, __m512i factors, __m512i next) {
  const __m512i low = _mm512_clmulepi64_epi128(value, factors, 0x00);
  const __m512i high = _mm512_clmulepi64_epi128(value, factors, 0x11);
  return _mm512_ternarylogic_epi64(low, high, next, 0x96);  // the exclusive or of three
}

TUTTI_CLMUL512 std::uint32_t with_clmul512(std::span<const std::byte> bytes, std::uint32_t before) {
  constexpr std::size_t lanes = 8, step = 64 * lanes;
  if (bytes.size() < step) return with_clmul(bytes, before);
  const std::byte* data = bytes.data();
  __m512i value[lanes];
  for (std::size_t i = 0; i < lanes; ++i) value[i] = load512(data + 64 * i);
  value[0] = _mm512_xor_si512(value[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(~before))));
  constexpr std::uint64_t distance = 8 * step;
  const __m512i factors =
      _mm512_set4_epi64(upper(distance), lower(distance), upper(distance), lower(distance));
  std::size_t done = step;
  for (; bytes.size() - done >= step; done += step)
    for (std::size_t i = 0; i < lanes; ++i)
      value[i] = fold512(value[i], factors, load512(data + done + 64 * i));
  alignas(64) std::array<std::byte, step> last;
  for (std::size_t i = 0; i < lanes; ++i) _mm512_store_si512(last.data() + 64 * i, value[i]);
  __m128i folded = load(last.data());
  const __m128i near = _mm_set_epi64x(upper(128), lower(128));
  for (std::size_t at = 16; at < step; at += 16) folded = fold(folded, near, load(last.data() + at));
  return finish(folded, bytes.subspan(done));
}

}  // namespace

crc::Update crc::clmul() {
  const bool present = __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
  return present ? with_clmul : nullptr;
}

crc::Update crc::clmul512() {
  const bool present = clmul() != nullptr && __builtin_cpu_supports("avx512f") != 0 &&
                       __builtin_cpu_supports("vpclmulqdq") != 0;
  return present ? with_clmul512 : nullptr;
}

}  // namespace tutti::files

#else

namespace tutti::files {
crc::Update crc::clmul() { return nullptr; }
crc::Update crc::clmul512() { return nullptr; }
}  // namespace tutti::files

#endif

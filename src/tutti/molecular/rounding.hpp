// Rounding to whole numbers, and the rounding mode that all arithmetic of this room counts on.
#pragma once

#include <cfenv>
#include <cmath>
#include <cstdint>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace tutti::molecular {

/// 1.5 * 2^52: adding it rounds numbers below 2^51 to nearest even, and leaves them in the lower bits.
inline constexpr double magic = 0x1.8p52;
inline constexpr std::uint64_t magic_bits = 0x4338000000000000;

/// Nearest even; of |x| < 2^63.
inline std::int64_t nearest(double x) {
#if defined(__x86_64__)
  return _mm_cvtsd_si64(_mm_set_sd(x));
#else
  return std::llrint(x);
#endif
}

/// While it lives, the processor rounds to nearest even, as every process does that has not changed it.
class NearestRounding {
 public:
  NearestRounding() : before_(std::fegetround()) {
    if (before_ != FE_TONEAREST) std::fesetround(FE_TONEAREST);
  }
  ~NearestRounding() {
    if (before_ != FE_TONEAREST) std::fesetround(before_);
  }
  NearestRounding(const NearestRounding&) = delete;
  NearestRounding& operator=(const NearestRounding&) = delete;

 private:
  int before_;
};

}  // namespace tutti::molecular

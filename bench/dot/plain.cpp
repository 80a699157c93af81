#include "plain.hpp"

#include <string_view>

plain::Plain plain::for_kernel(std::string_view kernel) {
#ifdef __x86_64__
  if (kernel == "avx512") return avx512();
  if (kernel == "avx2") return avx2();
#endif
  return baseline();  // "portable" and "reference" are compiled for any processor
}

plain::Plain plain::best() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) return avx512();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2();
#endif
  return baseline();
}

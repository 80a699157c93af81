// Plain loops: what the exact kernels are compared with. Ordinary rounding, the best loop we know for each
// instruction set: full vectors, eight accumulators, fused multiply-add where the machine has it.
#pragma once

#include <cstddef>
#include <string_view>

namespace plain {

template <class Real>
struct Loops {
  Real (*dot)(const Real* x, const Real* y, std::size_t n);
  Real (*sum)(const Real* x, std::size_t n);
  Real (*sum_of_squares)(const Real* x, std::size_t n);
  Real (*absolute_sum)(const Real* x, std::size_t n);
};

struct Plain {
  const char* name;
  Loops<double> float64;
  Loops<float> float32;
};

// One file each, compiled for its instruction set alone; call only what the processor has.
Plain baseline();  ///< what every processor of its kind has: SSE2 on x86-64, NEON on arm64
#ifdef __x86_64__
Plain avx2();  ///< and FMA
Plain avx512();
#endif

/// The loops of the instruction set that the exact kernel of this name uses.
Plain for_kernel(std::string_view kernel);
/// The loops of the best instruction set of this machine.
Plain best();

}  // namespace plain

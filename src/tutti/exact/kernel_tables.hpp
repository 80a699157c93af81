// Where the kernel tables come from, one function a translation unit.
#pragma once

#include <optional>
#include <type_traits>

#include "tutti/exact/kernels.hpp"

namespace tutti::exact {

Kernel reference_kernel();  ///< the definition, in plain loops
Kernel portable_kernel();   ///< tables of integers indexed by exponent; any CPU

/// Chains of floating-point additions, in SIMD registers (ladder.hpp). Nothing if this CPU or this
/// architecture has no such instructions.
std::optional<Kernel> avx2_kernel();
std::optional<Kernel> avx512_kernel();

KernelSet<double> portable_float64();
KernelSet<float> portable_float32();
template <class Real>
KernelSet<Real> portable_set() {
  if constexpr (std::is_same_v<Real, double>)
    return portable_float64();
  else
    return portable_float32();
}

}  // namespace tutti::exact

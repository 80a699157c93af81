// The kernels behind exact reductions of arrays: one table of functions for each way to compute the same
// bits.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include "tutti/exact/exact_sum.hpp"

namespace tutti::exact {

template <class Real>
using UnaryKernel = void (*)(ExactSum& total, std::span<const Real> x);
template <class Real>
using BinaryKernel = void (*)(ExactSum& total, std::span<const Real> x, std::span<const Real> y);

/// The functions for one type; each adds to `total`. All of them are exact, integer or not inside, and leave
/// the caller's floating-point environment (rounding mode, FTZ, DAZ, flags) as it was and uninfluential.
template <class Real>
struct KernelSet {
  UnaryKernel<Real> sum;
  BinaryKernel<Real> dot;  ///< x and y of equal length
  UnaryKernel<Real> sum_of_squares;
  UnaryKernel<Real> absolute_sum;
  BinaryKernel<Real> streamed_dot;  ///< dot, for a short piece of what comes from memory
};

struct Kernel {
  const char* name;
  KernelSet<double> float64;
  KernelSet<float> float32;
};

/// The kernel in use: the one that TUTTI_KERNEL names, else the fastest that this machine can run. Chosen
/// once.
/// @throws UsageError if TUTTI_KERNEL names none of kernels(), or TUTTI_TIER no tier.
const Kernel& kernel();

/// The functions of kernel() for a type.
template <class Real>
const KernelSet<Real>& kernel_set() {
  if constexpr (std::is_same_v<Real, double>)
    return kernel().float64;
  else
    return kernel().float32;
}

/// All kernels that this machine can run, the slowest first, of "reference", "portable", "avx2", "avx512".
/// The last two prove themselves in a self-test of a millisecond when kernels are first asked for.
std::span<const Kernel> kernels();

/// A kernel that this machine cannot run.
struct AbsentKernel {
  const char* name;
  const char* why;
};
std::span<const AbsentKernel> absent_kernels();

/// The kernel of a name.
/// @throws UsageError if it is none of kernels(); names the choices.
const Kernel& kernel_named(std::string_view name);

}  // namespace tutti::exact

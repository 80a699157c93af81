// Where the kernel tables come from, one function a translation unit.
#pragma once

#include "tutti/exact/kernels.hpp"

namespace tutti::exact {

Kernel reference_kernel();  ///< the definition, in plain loops
Kernel portable_kernel();   ///< tables of integers indexed by exponent; any CPU

KernelSet<double> portable_float64();
KernelSet<float> portable_float32();

}  // namespace tutti::exact

// Where the kernel tables come from, one function a translation unit.
#pragma once

#include <optional>

#include "tutti/molecular/kernels.hpp"

namespace tutti::molecular {

Kernel portable_kernel();
/// Nothing if this processor or this architecture has no such instructions.
std::optional<Kernel> avx2_kernel();
std::optional<Kernel> avx512_kernel();
/// As it is on processors without VBMI2 (Skylake, Cascade Lake).
std::optional<Kernel> avx512_kernel_without_vbmi2();

}  // namespace tutti::molecular

// The self-test of a kernel when it is first wanted.
#pragma once

#include "tutti/exact/kernels.hpp"

namespace tutti::exact {

/// Whether the kernel gives what the reference gives for a few thousand terms of the kinds that its tiers
/// tell apart: the flags that it looks at must speak up, and keep silent, where they should. Takes some 0.3
/// ms.
bool passes_trial(const Kernel& kernel);

}  // namespace tutti::exact

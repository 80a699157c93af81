// The self-test of a kernel when it is first wanted.
#pragma once

#include "tutti/exact/kernels.hpp"

namespace tutti::exact {

/// Whether the kernel gives what the reference gives for a few hundred terms of every kind that its tiers
/// tell apart, so that each of its exactness checks has to speak up once. Takes some 0.1 ms.
bool passes_trial(const Kernel& kernel);

}  // namespace tutti::exact

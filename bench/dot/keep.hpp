#pragma once

namespace bench {

/// Makes the compiler compute the value, now.
inline void keep(const double& value) { asm volatile("" : : "m"(value) : "memory"); }

}  // namespace bench

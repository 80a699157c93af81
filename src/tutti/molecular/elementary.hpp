// Elementary functions whose bits are the same everywhere. Those of the C library are not: they differ
// between versions, and between processors with and without fused operations. Here: only + - * / in a fixed
// order.
#pragma once

#include <cstdint>

namespace tutti::molecular {

/// The natural logarithm of x > 0, finite. Error below 2 units in the last place.
double logarithm(double x);

/// The cube root of x > 0, finite. Error below 1 unit in the last place.
double cube_root(double x);

/// The number that a standard normal variable is below with probability p, 0 < p < 1. Relative error about
/// 1e-15. M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Appl. Statist.
/// 37, 1988, doi:10.2307/2347330.
double normal_quantile(double p);

}  // namespace tutti::molecular

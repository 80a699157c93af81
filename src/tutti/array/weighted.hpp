// Weighted sums and means of distributed vectors and arrays, exact: the products are not rounded, the result
// is, once.
//
// Any mixture of types. The rules, the errors and the costs of reductions.hpp hold.
#pragma once

#include <complex>

#include "tutti/array/complex_reductions.hpp"
#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"

namespace tutti {

namespace array {
template <Number W, Number T>
SumOf<W, T> weighted_sum(const Operand<W>& weights, const Operand<T>& x, Site site);
template <Number W, ComplexNumber T>
std::complex<double> weighted_sum(const Operand<W>& weights, const Operand<T>& x, Site site);
template <Number W, Number T>
double weighted_mean(const Operand<W>& weights, const Operand<T>& x, Site site);
}  // namespace array

/// Collective. The sum of weights[i] x[i]: dot(weights, x) by the name under which one looks for it, also of
/// complex x.
template <NumberArray W, NumberArray X>
SumOf<ElementOf<W>, ElementOf<X>> weighted_sum(const W& weights, const X& x, Site site = {}) {
  return array::weighted_sum(weights.operand(), x.operand(), site);
}
template <NumberArray W, ComplexArray X>
std::complex<double> weighted_sum(const W& weights, const X& x, Site site = {}) {
  return array::weighted_sum(weights.operand(), x.operand(), site);
}

/// Collective. The sum of weights[i] x[i] over the sum of weights[i], rounded once at the end. NaN if the
/// weights add up to zero exactly, or not to a finite number. Both sums travel together: one packet for usual
/// data.
template <NumberArray W, NumberArray X>
double weighted_mean(const W& weights, const X& x, Site site = {}) {
  return array::weighted_mean(weights.operand(), x.operand(), site);
}

}  // namespace tutti

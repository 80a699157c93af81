// Weighted sums and means of distributed vectors, exact: the products are not rounded, the result is, once.
//
// Any mixture of types. The rules, the errors and the costs of reductions.hpp hold.
#pragma once

#include <complex>

#include "tutti/array/complex_reductions.hpp"
#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"

namespace tutti {

/// Collective. The sum of weights[i] x[i]: dot(weights, x) by the name under which one looks for it, also of
/// complex x.
template <Number W, Number T>
SumOf<W, T> weighted_sum(const DistVector<W>& weights, const DistVector<T>& x, Site site = {});
template <Number W, ComplexNumber T>
std::complex<double> weighted_sum(const DistVector<W>& weights, const DistVector<T>& x, Site site = {});

/// Collective. The sum of weights[i] x[i] over the sum of weights[i], rounded once at the end. NaN if the
/// weights add up to zero exactly, or not to a finite number. Both sums travel together: one packet for usual
/// data.
template <Number W, Number T>
double weighted_mean(const DistVector<W>& weights, const DistVector<T>& x, Site site = {});

}  // namespace tutti

// Reductions of distributed complex vectors: the real and the imaginary part are each the exact sum of their
// real terms, rounded once to nearest even, to float64. The rules of reductions.hpp hold for each part.
//
// Everything here is collective. Both parts travel together: one packet of 64 B for usual data (bits of
// either part that span up to 160), a second message of a few hundred bytes otherwise. Operands must live in
// one World, and have equal lengths (ShapeError) and equal distributions (DistributionError).
#pragma once

#include <complex>

#include "tutti/array/dist_vector.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/exact/complex.hpp"

namespace tutti {

/// std::complex<double> or std::complex<float>.
using exact::ComplexNumber;

/// Collective. The sum of conj(a[i]) b[i]: BLAS's dotc, NumPy's vdot. dot(a, a) is real.
template <ComplexNumber T>
std::complex<double> dot(const DistVector<T>& a, const DistVector<T>& b, Site site = {});
/// Collective. The sum of a[i] b[i], nothing conjugated: BLAS's dotu.
template <ComplexNumber T>
std::complex<double> dotu(const DistVector<T>& a, const DistVector<T>& b, Site site = {});
/// Collective. The sum of all elements.
template <ComplexNumber T>
std::complex<double> sum(const DistVector<T>& x, Site site = {});
/// Collective. The square root of the sum of |x[i]|^2, correctly rounded.
template <ComplexNumber T>
double norm2(const DistVector<T>& x, Site site = {});

/// Collective. With the tag `rounded`: the ordinary floating-point loop, and an ordinary sum over the ranks.
/// One packet.
template <ComplexNumber T>
std::complex<double> dot(const DistVector<T>& a, const DistVector<T>& b, Rounded, Site site = {});
template <ComplexNumber T>
std::complex<double> dotu(const DistVector<T>& a, const DistVector<T>& b, Rounded, Site site = {});
template <ComplexNumber T>
std::complex<double> sum(const DistVector<T>& x, Rounded, Site site = {});
template <ComplexNumber T>
double norm2(const DistVector<T>& x, Rounded, Site site = {});

}  // namespace tutti

// Reductions of distributed complex vectors and arrays: the real and the imaginary part are each the exact
// sum of their real terms, rounded once to nearest even, to float64. The rules of reductions.hpp hold for
// each part.
//
// Everything here is collective. Both parts travel together: one packet of 64 B for usual data (bits of
// either part that span up to 160), a second message of a few hundred bytes otherwise. Operands must live in
// one World, and have equal lengths (ShapeError) and equal distributions (DistributionError).
#pragma once

#include <complex>
#include <concepts>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/operand.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/exact/complex.hpp"

namespace tutti {

/// std::complex<double> or std::complex<float>.
using exact::ComplexNumber;

namespace array {
template <ComplexNumber T>
std::complex<double> dot(const Operand<T>& a, const Operand<T>& b, Site site);
template <ComplexNumber T>
std::complex<double> dotu(const Operand<T>& a, const Operand<T>& b, Site site);
template <ComplexNumber T>
std::complex<double> sum(const Operand<T>& x, Site site);
template <ComplexNumber T>
double norm2(const Operand<T>& x, Site site);
template <ComplexNumber T>
std::complex<double> dot(const Operand<T>& a, const Operand<T>& b, Rounded, Site site);
template <ComplexNumber T>
std::complex<double> dotu(const Operand<T>& a, const Operand<T>& b, Rounded, Site site);
template <ComplexNumber T>
std::complex<double> sum(const Operand<T>& x, Rounded, Site site);
template <ComplexNumber T>
double norm2(const Operand<T>& x, Rounded, Site site);
}  // namespace array

/// Collective. The sum of conj(a[i]) b[i]: BLAS's dotc, NumPy's vdot. dot(a, a) is real.
template <ComplexArray A, ComplexArray B>
requires std::same_as<ElementOf<A>, ElementOf<B>> std::complex<double> dot(const A& a, const B& b,
                                                                           Site site = {}) {
  return array::dot(a.operand(), b.operand(), site);
}
/// Collective. The sum of a[i] b[i], nothing conjugated: BLAS's dotu.
template <ComplexArray A, ComplexArray B>
requires std::same_as<ElementOf<A>, ElementOf<B>> std::complex<double> dotu(const A& a, const B& b,
                                                                            Site site = {}) {
  return array::dotu(a.operand(), b.operand(), site);
}
/// Collective. The sum of all elements.
template <ComplexArray A>
std::complex<double> sum(const A& x, Site site = {}) {
  return array::sum(x.operand(), site);
}
/// Collective. The square root of the sum of |x[i]|^2, correctly rounded.
template <ComplexArray A>
double norm2(const A& x, Site site = {}) {
  return array::norm2(x.operand(), site);
}

/// Collective. With the tag `rounded`: the ordinary floating-point loop, and an ordinary sum over the ranks.
/// One packet.
template <ComplexArray A, ComplexArray B>
requires std::same_as<ElementOf<A>, ElementOf<B>> std::complex<double> dot(const A& a, const B& b,
                                                                           Rounded tag, Site site = {}) {
  return array::dot(a.operand(), b.operand(), tag, site);
}
template <ComplexArray A, ComplexArray B>
requires std::same_as<ElementOf<A>, ElementOf<B>> std::complex<double> dotu(const A& a, const B& b,
                                                                            Rounded tag, Site site = {}) {
  return array::dotu(a.operand(), b.operand(), tag, site);
}
template <ComplexArray A>
std::complex<double> sum(const A& x, Rounded tag, Site site = {}) {
  return array::sum(x.operand(), tag, site);
}
template <ComplexArray A>
double norm2(const A& x, Rounded tag, Site site = {}) {
  return array::norm2(x.operand(), tag, site);
}

}  // namespace tutti

// Reductions of distributed vectors and arrays: exact, and the same bits on any number of ranks and any
// distribution.
//
// The value of sum, dot and asum is the sum of the real numbers that the elements are (products unrounded),
// rounded once, to nearest even, to float64, also for float32 and mixed operands. If all operands are
// integers the result is an integer, exact, in 128 bits. Any NaN, inf * 0, or +inf with -inf gives NaN; else
// an infinity gives that infinity; an exact zero, and the sum of nothing, is +0. The caller's rounding mode,
// FTZ and DAZ neither matter nor change.
//
// Everything here is collective, and throws on all ranks what any rank threw before. Operands must live in
// one World, and have equal lengths (ShapeError) and equal distributions (DistributionError). They may be
// DistVector, DistArray and HaloArray, whose elements count in C order.
#pragma once

#include <concepts>
#include <string>
#include <type_traits>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/operand.hpp"
#include "tutti/comm/reductions.hpp"

namespace tutti {

/// An element and where it stands.
template <class T>
struct Place {
  T value;
  Index index;  ///< global
  friend bool operator==(const Place&, const Place&) = default;
};

/// double, or a 128-bit integer where all operands are integers.
template <class... T>
using SumOf = std::conditional_t<(std::integral<T> && ...), Int128, double>;

namespace array {

/// A sum of integers as an integer.
/// @throws RangeError that names `what` if it exceeds 128 bits.
Int128 integer_of(const ExactSum& sum, const std::string& what);

template <Number T, Number U>
SumOf<T, U> dot(const Operand<T>& a, const Operand<U>& b, Site site);
template <Number T>
SumOf<T> sum(const Operand<T>& x, Site site);
template <Number T>
SumOf<T> asum(const Operand<T>& x, Site site);
template <Number T>
double norm2(const Operand<T>& x, Site site);
template <Number T>
double mean(const Operand<T>& x, Site site);
template <Number T>
double variance(const Operand<T>& x, Index ddof, Site site);
template <Number T>
Place<T> min(const Operand<T>& x, Site site);
template <Number T>
Place<T> max(const Operand<T>& x, Site site);

template <Number T, Number U>
double dot(const Operand<T>& a, const Operand<U>& b, Rounded, Site site);
template <Number T>
double sum(const Operand<T>& x, Rounded, Site site);
template <Number T>
double asum(const Operand<T>& x, Rounded, Site site);
template <Number T>
double norm2(const Operand<T>& x, Rounded, Site site);

}  // namespace array

/// Collective. One packet of 64 B for usual data, a second round of 1112 B where the bits of the sum span
/// more than 320.
/// @throws RangeError on all ranks if a sum of integers exceeds 128 bits.
template <NumberArray A, NumberArray B>
SumOf<ElementOf<A>, ElementOf<B>> dot(const A& a, const B& b, Site site = {}) {
  return array::dot(a.operand(), b.operand(), site);
}
/// Collective. As dot().
template <NumberArray A>
SumOf<ElementOf<A>> sum(const A& x, Site site = {}) {
  return array::sum(x.operand(), site);
}
/// Collective. The sum of absolute values; as dot().
template <NumberArray A>
SumOf<ElementOf<A>> asum(const A& x, Site site = {}) {
  return array::asum(x.operand(), site);
}

/// Collective. The Euclidean norm: the square root of the exact sum of squares, correctly rounded. Costs as
/// dot().
template <NumberArray A>
double norm2(const A& x, Site site = {}) {
  return array::norm2(x.operand(), site);
}
/// Collective. The exact sum over n, rounded once; NaN of nothing. Costs as dot().
template <NumberArray A>
double mean(const A& x, Site site = {}) {
  return array::mean(x.operand(), site);
}
/// Collective. The exact variance, rounded once: sum of (x - mean)^2 over n - ddof. ddof = 0 is the
/// population variance (NumPy's default), 1 the sample variance. NaN if n <= ddof. One packet for usual
/// data (bits of either sum that span up to 160), a second message of a few hundred bytes otherwise.
template <NumberArray A>
double variance(const A& x, Index ddof = 0, Site site = {}) {
  return array::variance(x.operand(), ddof, site);
}

/// Collective. The smallest (largest) element, and the lowest index at which it stands: in an array, its
/// place in C order. -0 equals +0; a NaN wins over all, the first one. One packet.
/// @throws ShapeError on all ranks if x has no elements.
template <NumberArray A>
Place<ElementOf<A>> min(const A& x, Site site = {}) {
  return array::min(x.operand(), site);
}
template <NumberArray A>
Place<ElementOf<A>> max(const A& x, Site site = {}) {
  return array::max(x.operand(), site);
}

/// Collective. With the tag `rounded`: the ordinary floating-point loop, and an ordinary sum over the ranks.
/// One packet. The last bits depend on the number of ranks, the distribution and the MPI.
template <NumberArray A, NumberArray B>
double dot(const A& a, const B& b, Rounded tag, Site site = {}) {
  return array::dot(a.operand(), b.operand(), tag, site);
}
template <NumberArray A>
double sum(const A& x, Rounded tag, Site site = {}) {
  return array::sum(x.operand(), tag, site);
}
template <NumberArray A>
double asum(const A& x, Rounded tag, Site site = {}) {
  return array::asum(x.operand(), tag, site);
}
template <NumberArray A>
double norm2(const A& x, Rounded tag, Site site = {}) {
  return array::norm2(x.operand(), tag, site);
}

}  // namespace tutti

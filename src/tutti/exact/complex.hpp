// Exact reductions of complex arrays. A complex sum is two exact sums, of its real and its imaginary part.
#pragma once

#include <complex>
#include <concepts>
#include <span>

#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti::exact {

template <class T>
concept ComplexNumber = std::same_as<T, std::complex<double>> || std::same_as<T, std::complex<float>>;

/// Which factor of a complex product is conjugated: none (BLAS's dotu), or the first (dotc, NumPy's vdot).
enum class Conjugated { none, first };

/// real, imaginary += the sum of x.
/// @throws UsageError (all of these) if TUTTI_KERNEL names no kernel.
template <ComplexNumber T>
void add_sum(ExactSum& real, ExactSum& imaginary, std::span<const T> x);

/// real, imaginary += the sum of x[i] y[i], or of conj(x[i]) y[i]. With x = a + bi and y = c + di the real
/// part gets the terms ac and -bd (or ac, bd), the imaginary part ad and bc (ad, -bc), all unrounded. What is
/// not finite follows the rules of real sums for each part: NaN where any of its terms is NaN or inf * 0, or
/// infinities of both signs meet; there is no complex infinity. Costs four real dot products.
/// @throws ShapeError if the lengths differ.
template <ComplexNumber T>
void add_dot(ExactSum& real, ExactSum& imaginary, std::span<const T> x, std::span<const T> y,
             Conjugated conjugated);

/// real, imaginary += the sum of weights[i] x[i], unrounded.
/// @throws ShapeError if the lengths differ.
template <Number W, ComplexNumber T>
void add_weighted(ExactSum& real, ExactSum& imaginary, std::span<const W> weights, std::span<const T> x);

/// total += the sum of |x[i]|^2, unrounded: the squares of both parts.
template <ComplexNumber T>
void add_squares(ExactSum& total, std::span<const T> x);

}  // namespace tutti::exact

// Mean, variance and square root of exact sums, each rounded once.
#pragma once

#include "tutti/core/integer.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti::exact {

/// sum / n, rounded once to nearest even. NaN for n <= 0.
double mean(const ExactSum& sum, Index n);

/// The variance of n numbers from their exact sum S and the exact sum of their squares S2:
/// (n S2 - S^2) / (n (n - ddof)), rounded once: nothing cancels. ddof = 0 is the population variance.
/// NaN if n <= 0 or n <= ddof, or if any of the numbers is not finite.
double variance(const ExactSum& sum, const ExactSum& sum_of_squares, Index n, Index ddof = 0);

/// numerator / denominator, rounded once to nearest even: of the exact sums of w x and of w it is the
/// weighted mean. NaN if the denominator is zero or not finite; an infinite numerator gives an infinity of
/// the right sign.
double quotient(const ExactSum& numerator, const ExactSum& denominator);

/// The square root of an exact sum, correctly rounded; +0 of zero, NaN of a sum below zero. Of a sum of
/// squares it is the Euclidean norm, which neither overflows nor underflows on the way.
double square_root(const ExactSum& sum);

}  // namespace tutti::exact

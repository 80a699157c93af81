// Exact reductions of arrays of any real type: the front door of this room.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "tutti/exact/exact_sum.hpp"

namespace tutti::exact {

/// What can be summed: each value counts at its exact value, also int64 beyond 2^53, also next to other
/// types.
template <class T>
concept Number = std::same_as<T, double> || std::same_as<T, float> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::uint64_t>;

/// total += the sum of x. Any length, 0 included; float64 and float32 at the speed of kernel().
/// @throws UsageError (all four) if TUTTI_KERNEL names no kernel.
template <Number T>
void add_sum(ExactSum& total, std::span<const T> x);

/// total += the sum of x[i] y[i], products unrounded.
/// @throws ShapeError if the lengths differ.
template <Number T, Number U>
void add_dot(ExactSum& total, std::span<const T> x, std::span<const U> y);

/// total += the sum of x[i]^2, unrounded.
template <Number T>
void add_squares(ExactSum& total, std::span<const T> x);

/// total += the sum of |x[i]|; also of the lowest integer, 2^63.
template <Number T>
void add_magnitudes(ExactSum& total, std::span<const T> x);

}  // namespace tutti::exact

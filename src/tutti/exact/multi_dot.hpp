// Several exact dot products in one pass over memory.
#pragma once

#include <cstddef>
#include <span>

#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti::exact {

/// totals[k] += the sum of x[i] ys[k][i], products unrounded. x is read from memory once, however many ys
/// there are: 1 + 1 / k vectors for each result, where k calls of add_dot() read 2.
/// @param totals  one for each of ys
/// @throws ShapeError if the lengths differ; UsageError if TUTTI_KERNEL names no kernel.
template <Number T>
void add_multi_dot(std::span<ExactSum> totals, std::span<const T> x, std::span<const std::span<const T>> ys);

/// Distinct pairs of k vectors, each vector with itself included: k (k + 1) / 2.
constexpr std::size_t pair_count(std::size_t vectors) { return vectors * (vectors + 1) / 2; }

/// totals[p] += the dot product of pair p of `vectors`; each vector is read from memory once.
///
/// 3 vectors:   pair 0 1 2 3 4 5
///              i    0 0 0 1 1 2
///              j    0 1 2 1 2 2
///
/// @param totals  pair_count(vectors.size()) of them
/// @throws as add_multi_dot().
template <Number T>
void add_gram(std::span<ExactSum> totals, std::span<const std::span<const T>> vectors);

}  // namespace tutti::exact

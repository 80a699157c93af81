// How many pairs there are at which distance: what g(r) is made of.
#pragma once

#include <span>

#include "tutti/core/integer.hpp"
#include "tutti/molecular/box.hpp"
#include "tutti/molecular/rows.hpp"

namespace tutti::molecular {

/// Adds to counts[k], for each own particle, how many others are from it between k and k + 1 times
/// range / counts.size(). Over all processes, every pair is counted twice.
/// @param range  length, at most the cutoff: rows know nobody further away
void count_pairs(const View& view, const Rows& rows, const Box& box, double range, std::span<Index> counts);

/// The radial distribution function: the density at a distance, divided by that of an ideal gas.
/// @param counts  of `frames` times
/// @return one value for each count
std::vector<double> radial_distribution(std::span<const Index> counts, double range, Index particles,
                                        Index frames, double volume);

}  // namespace tutti::molecular

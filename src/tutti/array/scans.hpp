// Scans of vectors: at each element, the sum of all elements before, or up to, it.
#pragma once

#include <concepts>
#include <type_traits>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/workspace.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/scans.hpp"

namespace tutti {

/// The elements of a scan: double of floating-point numbers, 64-bit integers of integers.
template <class T>
using ScanOf = std::conditional_t<std::floating_point<T>, double,
                                  std::conditional_t<std::unsigned_integral<T>, std::uint64_t, Index>>;

/// Collective. Element i of the result is x[0] + ... + x[i - 1], by global index, whatever the layout; it is
/// distributed as x, and has its name. Integers are exact. Of floating-point numbers, each element is the
/// exact sum, rounded once: the same bits on any number of ranks, with any layout.
///
/// Two packets for the new vector; one packet, at most log2(P) messages of 1112 B a rank, and about 10 ns an
/// element for the sums; one more packet for integers. Layouts that are not contiguous cost two
/// redistributions more, and for that time a vector divided by blocks (two, if the result has another type).
/// @throws RangeError on all ranks if a sum of integers does not fit 64 bits, naming the first element where;
///         as DistVector's constructor and redistribute().
/// @example x = 3 1 4 1 5   exclusive_scan(x) = 0 3 4 8 9
template <Number T>
DistVector<ScanOf<T>> exclusive_scan(const DistVector<T>& x, Workspace workspace = {}, Site site = {});

/// Collective. The same with the element itself: x[0] + ... + x[i].
/// @example x = 3 1 4 1 5   inclusive_scan(x) = 3 4 8 9 14
template <Number T>
DistVector<ScanOf<T>> inclusive_scan(const DistVector<T>& x, Workspace workspace = {}, Site site = {});

}  // namespace tutti

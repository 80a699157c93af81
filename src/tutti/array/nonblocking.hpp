// Reductions of distributed vectors that do not wait: they begin here and end in Pending::get().
#pragma once

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/comm/pending.hpp"

namespace tutti {

/// Collective, without waiting (see comm/nonblocking.hpp). The same bits as dot(). This rank's part is
/// computed at once, and the vectors may change afterwards. One wide packet of 1176 B.
/// @throws from get(), RangeError if a sum of integers exceeds 128 bits.
template <Number T, Number U>
Pending<SumOf<T, U>> idot(const DistVector<T>& a, const DistVector<U>& b, Site site = {});
/// Collective, without waiting. The same bits as sum().
template <Number T>
Pending<SumOf<T>> isum(const DistVector<T>& x, Site site = {});

}  // namespace tutti

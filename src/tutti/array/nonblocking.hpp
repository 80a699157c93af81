// Reductions of distributed vectors and arrays that do not wait: they begin here and end in Pending::get().
#pragma once

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/comm/pending.hpp"

namespace tutti {

namespace array {
template <Number T, Number U>
Pending<SumOf<T, U>> idot(const Operand<T>& a, const Operand<U>& b, Site site);
template <Number T>
Pending<SumOf<T>> isum(const Operand<T>& x, Site site);
}  // namespace array

/// Collective, without waiting (see comm/nonblocking.hpp). The same bits as dot(). This rank's part is
/// computed at once, and the vectors may change afterwards. One wide packet of 1176 B.
/// @throws from get(), RangeError if a sum of integers exceeds 128 bits.
template <NumberArray A, NumberArray B>
Pending<SumOf<ElementOf<A>, ElementOf<B>>> idot(const A& a, const B& b, Site site = {}) {
  return array::idot(a.operand(), b.operand(), site);
}
/// Collective, without waiting. The same bits as sum().
template <NumberArray A>
Pending<SumOf<ElementOf<A>>> isum(const A& x, Site site = {}) {
  return array::isum(x.operand(), site);
}

}  // namespace tutti

// Many dot products of distributed vectors or arrays at once: one pass over memory, one message for all
// results.
//
// Each result has the bits that dot() gives for its pair (reductions.hpp), whatever the ranks and the layout.
// What block methods live on: orthogonalization, projections, least squares with few columns.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/operand.hpp"
#include "tutti/array/reductions.hpp"

namespace tutti {

/// The dot products of all pairs of k vectors: a symmetric matrix of k rows.
template <class Value = double>
struct Gram {
  std::size_t size = 0;       ///< k
  std::vector<Value> values;  ///< k x k, row by row

  const Value& operator()(std::size_t i, std::size_t j) const { return values[i * size + j]; }
};

/// Vectors, or arrays, by their addresses, in order; none may be null.
template <class A>
using ArrayList = std::span<const A* const>;
template <class T>
using VectorList = ArrayList<DistVector<T>>;

namespace array {

/// The arrays of a list; nothing where an address is null.
template <class T>
using Operands = std::vector<std::optional<Operand<T>>>;
template <Distributed A>
Operands<ElementOf<A>> operands_of(ArrayList<A> list) {
  Operands<ElementOf<A>> operands;
  for (const A* each : list) {
    operands.emplace_back();
    if (each != nullptr) operands.back().emplace(each->operand());
  }
  return operands;
}
template <class A>
std::vector<const A*> addresses(const std::vector<A>& arrays) {
  std::vector<const A*> list;
  for (const A& each : arrays) list.push_back(&each);
  return list;
}

template <Number T>
std::vector<SumOf<T>> multi_dot(const Operand<T>& x, const Operands<T>& ys, Site site);
template <Number T>
Gram<SumOf<T>> gram(const Operands<T>& xs, Site site);
template <Number T>
std::vector<double> multi_dot(const Operand<T>& x, const Operands<T>& ys, Rounded, Site site);
template <Number T>
Gram<double> gram(const Operands<T>& xs, Rounded, Site site);

}  // namespace array

/// Collective. x . y for each y of a list: multi_dot(x, {&y1, &y2, &y3}), or multi_dot(x, basis) with a
/// std::vector of arrays like x. x is read from memory once. As many results as vectors, also none.
/// Cost: up to two results travel in the packet as those of sum(world, parts), more in one message after it,
/// about 70 bytes a result.
/// @throws on all ranks: ShapeError, DistributionError as dot(); RangeError if a sum of integers exceeds 128
/// bits; MismatchError if ranks give different numbers of vectors.
template <NumberArray A>
std::vector<SumOf<ElementOf<A>>> multi_dot(const A& x, std::type_identity_t<ArrayList<A>> ys,
                                           Site site = {}) {
  return array::multi_dot(x.operand(), array::operands_of<A>(ys), site);
}
template <NumberArray A>
std::vector<SumOf<ElementOf<A>>> multi_dot(const A& x,
                                           std::type_identity_t<std::initializer_list<const A*>> ys,
                                           Site site = {}) {
  return multi_dot(x, ArrayList<A>(ys.begin(), ys.size()), site);
}
template <NumberArray A>
std::vector<SumOf<ElementOf<A>>> multi_dot(const A& x, const std::vector<A>& ys, Site site = {}) {
  return multi_dot(x, ArrayList<A>(array::addresses(ys)), site);
}

/// Collective. All pairs of a list: gram({&a, &b, &c}), or gram(basis) with a std::vector of arrays. For
/// vectors that are long, and few (tall and skinny): the k (k + 1) / 2 distinct pairs are computed, each
/// vector is read from memory once. Costs and throws as multi_dot().
/// @throws ShapeError also of an empty list.
template <NumberArray A>
Gram<SumOf<ElementOf<A>>> gram(ArrayList<A> vectors, Site site = {}) {
  return array::gram(array::operands_of<A>(vectors), site);
}
template <NumberArray A>
Gram<SumOf<ElementOf<A>>> gram(std::initializer_list<const A*> vectors, Site site = {}) {
  return gram(ArrayList<A>(vectors.begin(), vectors.size()), site);
}
template <NumberArray A>
Gram<SumOf<ElementOf<A>>> gram(const std::vector<const A*>& vectors, Site site = {}) {
  return gram(ArrayList<A>(vectors), site);
}
template <NumberArray A>
Gram<SumOf<ElementOf<A>>> gram(const std::vector<A>& vectors, Site site = {}) {
  return gram(ArrayList<A>(array::addresses(vectors)), site);
}

/// Collective. With the tag `rounded`: the ordinary floating-point loop, and an ordinary sum over the ranks.
/// One packet for each five results. The last bits depend on the number of ranks, the distribution and the
/// MPI.
template <NumberArray A>
std::vector<double> multi_dot(const A& x, std::type_identity_t<ArrayList<A>> ys, Rounded tag,
                              Site site = {}) {
  return array::multi_dot(x.operand(), array::operands_of<A>(ys), tag, site);
}
template <NumberArray A>
std::vector<double> multi_dot(const A& x, std::type_identity_t<std::initializer_list<const A*>> ys,
                              Rounded tag, Site site = {}) {
  return multi_dot(x, ArrayList<A>(ys.begin(), ys.size()), tag, site);
}
template <NumberArray A>
std::vector<double> multi_dot(const A& x, const std::vector<A>& ys, Rounded tag, Site site = {}) {
  return multi_dot(x, ArrayList<A>(array::addresses(ys)), tag, site);
}
template <NumberArray A>
Gram<double> gram(ArrayList<A> vectors, Rounded tag, Site site = {}) {
  return array::gram(array::operands_of<A>(vectors), tag, site);
}
template <NumberArray A>
Gram<double> gram(std::initializer_list<const A*> vectors, Rounded tag, Site site = {}) {
  return gram(ArrayList<A>(vectors.begin(), vectors.size()), tag, site);
}
template <NumberArray A>
Gram<double> gram(const std::vector<const A*>& vectors, Rounded tag, Site site = {}) {
  return gram(ArrayList<A>(vectors), tag, site);
}
template <NumberArray A>
Gram<double> gram(const std::vector<A>& vectors, Rounded tag, Site site = {}) {
  return gram(ArrayList<A>(array::addresses(vectors)), tag, site);
}

}  // namespace tutti

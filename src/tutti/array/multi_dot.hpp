// Many dot products of distributed vectors at once: one pass over memory, one message for all results.
//
// Each result has the bits that dot() gives for its pair (reductions.hpp), whatever the ranks and the layout.
// What block methods live on: orthogonalization, projections, least squares with few columns.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"

namespace tutti {

/// The dot products of all pairs of k vectors: a symmetric matrix of k rows.
template <class Value = double>
struct Gram {
  std::size_t size = 0;       ///< k
  std::vector<Value> values;  ///< k x k, row by row

  const Value& operator()(std::size_t i, std::size_t j) const { return values[i * size + j]; }
};

/// Vectors by their addresses, in order; none may be null.
template <class T>
using VectorList = std::span<const DistVector<T>* const>;

/// Collective. x . y for each y of a list: multi_dot(x, {&y1, &y2, &y3}), or multi_dot(x, basis) with a
/// std::vector of DistVector. x is read from memory once. As many results as vectors, also none.
/// Cost: up to two results travel in the packet as those of sum(world, parts), more in one message after it,
/// about 70 bytes a result.
/// @throws on all ranks: ShapeError, DistributionError as dot(); RangeError if a sum of integers exceeds 128
/// bits; MismatchError if ranks give different numbers of vectors.
template <Number T>
std::vector<SumOf<T>> multi_dot(const DistVector<T>& x, std::type_identity_t<VectorList<T>> ys,
                                Site site = {});
template <Number T>
std::vector<SumOf<T>> multi_dot(const DistVector<T>& x,
                                std::type_identity_t<std::initializer_list<const DistVector<T>*>> ys,
                                Site site = {}) {
  return multi_dot(x, VectorList<T>(ys.begin(), ys.size()), site);
}

/// Collective. All pairs of a list: gram({&a, &b, &c}), or gram(basis) with a std::vector of DistVector. For
/// vectors that are long, and few (tall and skinny): the k (k + 1) / 2 distinct pairs are computed, each
/// vector is read from memory once. Costs and throws as multi_dot().
/// @throws ShapeError also of an empty list.
template <Number T>
Gram<SumOf<T>> gram(VectorList<T> vectors, Site site = {});
template <Number T>
Gram<SumOf<T>> gram(std::initializer_list<const DistVector<T>*> vectors, Site site = {}) {
  return gram(VectorList<T>(vectors.begin(), vectors.size()), site);
}

/// Collective. With the tag `rounded`: the ordinary floating-point loop, and an ordinary sum over the ranks.
/// One packet for each five results. The last bits depend on the number of ranks, the distribution and the
/// MPI.
template <Number T>
std::vector<double> multi_dot(const DistVector<T>& x, std::type_identity_t<VectorList<T>> ys, Rounded,
                              Site site = {});
template <Number T>
std::vector<double> multi_dot(const DistVector<T>& x,
                              std::type_identity_t<std::initializer_list<const DistVector<T>*>> ys,
                              Rounded tag, Site site = {}) {
  return multi_dot(x, VectorList<T>(ys.begin(), ys.size()), tag, site);
}
template <Number T>
Gram<double> gram(VectorList<T> vectors, Rounded, Site site = {});
template <Number T>
Gram<double> gram(std::initializer_list<const DistVector<T>*> vectors, Rounded tag, Site site = {}) {
  return gram(VectorList<T>(vectors.begin(), vectors.size()), tag, site);
}

namespace array {
template <class T>
std::vector<const DistVector<T>*> addresses(const std::vector<DistVector<T>>& vectors) {
  std::vector<const DistVector<T>*> list;
  for (const DistVector<T>& vector : vectors) list.push_back(&vector);
  return list;
}
}  // namespace array

template <Number T>
std::vector<SumOf<T>> multi_dot(const DistVector<T>& x, const std::vector<DistVector<T>>& ys,
                                Site site = {}) {
  return multi_dot(x, VectorList<T>(array::addresses(ys)), site);
}
template <Number T>
std::vector<double> multi_dot(const DistVector<T>& x, const std::vector<DistVector<T>>& ys, Rounded tag,
                              Site site = {}) {
  return multi_dot(x, VectorList<T>(array::addresses(ys)), tag, site);
}
template <Number T>
Gram<SumOf<T>> gram(const std::vector<DistVector<T>>& vectors, Site site = {}) {
  return gram(VectorList<T>(array::addresses(vectors)), site);
}
template <Number T>
Gram<double> gram(const std::vector<DistVector<T>>& vectors, Rounded tag, Site site = {}) {
  return gram(VectorList<T>(array::addresses(vectors)), tag, site);
}

}  // namespace tutti

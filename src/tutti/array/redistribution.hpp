// Moving a vector from one distribution to another.
#pragma once

#include <cstddef>
#include <string>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/workspace.hpp"

namespace tutti {

class RedistributionPlan;

namespace array {
/// A vector without its type.
struct VectorPart {
  const World& world;
  const std::string& name;
  const Distribution& distribution;
  std::byte* local;
};
void redistribute(const RedistributionPlan& plan, const comm::ElementName& element, const VectorPart& x,
                  const VectorPart& result, Site site);
}  // namespace array

/// How to move vectors from one distribution to another: any two of block, cyclic, block-cyclic, irregular
/// and weighted. A value, that any number of vectors of any types may use; making it does not communicate. It
/// holds the two distributions and no lists: what goes where is computed, in closed form, on the way.
///
/// Elements travel in pieces, several at a time. Where a piece is one range in the memory of its sender
/// (cyclic to block) it leaves from there, where it is one in that of its receiver (block to cyclic) it
/// arrives there, and only the other side copies it. From one contiguous distribution to another nobody does.
class RedistributionPlan {
 public:
  /// @throws ShapeError if the distributions have different numbers of elements, DistributionError of ranks.
  RedistributionPlan(const Distribution& from, const Distribution& to, Workspace workspace = {});

  const Distribution& from() const { return from_; }
  const Distribution& to() const { return to_; }
  const Workspace& workspace() const { return workspace_; }

  /// Bytes that apply() takes on every rank, beside both vectors, for elements of so many bytes: at most
  /// workspace().bytes, and what its requests take (O(P)).
  /// @throws DistributionError if the workspace is too small for such elements
  std::size_t temporary_bytes(std::size_t element_bytes) const;

  /// Collective. Every element of x becomes the element of `result` with the same global index. One packet,
  /// and (P - 1) / P of the elements at most; less if both distributions have elements on the same rank.
  /// @throws DistributionError on all ranks if x is not distributed as from(), or result as to(), if they are
  ///         the same vector or of different Worlds, or if the workspace is too small; BudgetError if a node
  ///         has no room for it.
  template <Movable T>
  void apply(const DistVector<T>& x, DistVector<T>& result, Site site = {}) const {
    array::redistribute(*this, comm::element_name<T>(), part_of(x), part_of(result), site);
  }

  /// Collective. The same into a new vector, with the name of x. Two packets more.
  /// @throws as DistVector's constructor
  template <Movable T>
  DistVector<T> apply(const DistVector<T>& x, Site site = {}) const {
    DistVector<T> result(x.world(), to_.size(), to_.layout(), x.name(), site);
    apply(x, result, site);
    return result;
  }

 private:
  template <class T>
  static array::VectorPart part_of(const DistVector<T>& x) {
    auto* const local = const_cast<T*>(x.local().data());  // that of x is only read
    return {x.world(), x.name(), x.distribution(), reinterpret_cast<std::byte*>(local)};
  }

  Distribution from_, to_;
  Workspace workspace_;
};

/// Collective. x with another layout: a new vector with the same name and elements. Costs as
/// RedistributionPlan::apply().
///
/// Operands of dot() and its like must be distributed alike, and are never redistributed silently. Say so:
/// @example dot(a, redistribute(b, a.distribution().layout()))
/// @throws as RedistributionPlan, and as DistVector's constructor
template <Movable T>
DistVector<T> redistribute(const DistVector<T>& x, const Layout& layout, Workspace workspace = {},
                           Site site = {}) {
  DistVector<T> result(x.world(), x.size(), layout, x.name(), site);
  RedistributionPlan(x.distribution(), result.distribution(), workspace).apply(x, result, site);
  return result;
}

}  // namespace tutti

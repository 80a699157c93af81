// Elements of a vector by their global indices, from whichever rank has them.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/gather_scatter.hpp"
#include "tutti/array/workspace.hpp"

namespace tutti {

namespace array {
/// Collective. Calls allocate(), and fills what that returns with the elements of these indices.
void get(const Wanted& x, std::span<const Index> indices, Workspace workspace, Site site,
         const std::function<std::byte*()>& allocate);
}  // namespace array

/// Collective. The elements of x with these global indices, in this order. Every rank gives its own indices,
/// as many as it likes or none, in any order, also repeated.
///
/// Two packets, and then, for as many indices at a time as the workspace holds: their number to each other
/// rank, 8 B for each index to its owner, and the element back.
/// @throws DistributionError on all ranks if an index is not one of 0 .. x.size() - 1 (it names rank, place
///         and index), or if the workspace does not hold a single one; BudgetError if the node has no room.
template <Movable T>
std::vector<T> get(const DistVector<T>& x, std::span<const Index> indices, Workspace workspace = {},
                   Site site = {}) {
  static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no memory of bools; get another type");
  std::vector<T> elements;
  const auto* const local = reinterpret_cast<const std::byte*>(x.local().data());
  array::get({x.world(), x.name(), x.distribution(), comm::element_name<T>(), local}, indices, workspace,
             site, [&] {
               elements.resize(indices.size());
               return reinterpret_cast<std::byte*>(elements.data());
             });
  return elements;
}

}  // namespace tutti

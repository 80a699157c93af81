// A whole vector in the memory of one rank, or of all: gather, all_gather, scatter.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/workspace.hpp"

namespace tutti {

namespace array {

/// A vector without its type, of which all elements are wanted.
struct Wanted {
  const World& world;
  const std::string& name;
  const Distribution& distribution;
  comm::ElementName element;
  const std::byte* local;
};
/// Collective. Books what the result takes, and then, on the ranks that get it, calls allocate() and fills
/// what that returns.
/// @param root  none: all ranks
void collect(const Wanted& x, std::optional<int> root, Workspace workspace, Site site,
             const std::function<std::byte*()>& allocate);

/// Collective. The number of elements that the root has, on all ranks.
Index elements_of_root(const World& world, const comm::ElementName& element, std::size_t elements, int root,
                       Site site);
/// Collective. `all` counts on the root only.
void deal_out(const World& world, const comm::ElementName& element, const std::byte* all, int root,
              const Distribution& to, const std::string& name, std::byte* local, Workspace workspace,
              Site site);

template <class T>
std::vector<T> collected(const DistVector<T>& x, std::optional<int> root, Workspace workspace, Site site) {
  static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no memory of bools; gather another type");
  std::vector<T> all;
  const auto* const local = reinterpret_cast<const std::byte*>(x.local().data());
  collect({x.world(), x.name(), x.distribution(), comm::element_name<T>(), local}, root, workspace, site,
          [&] {
            all.resize(static_cast<std::size_t>(x.size()));
            return reinterpret_cast<std::byte*>(all.data());
          });
  return all;
}

}  // namespace array

/// Collective. All elements of x on the root, in the order of their global indices, whatever the layout;
/// empty on the other ranks. Two packets, and the elements.
/// @throws BudgetError on all ranks, before anything is allocated, if the root's node has no room for them;
///         DistributionError for a root that does not exist.
template <Movable T>
std::vector<T> gather(const DistVector<T>& x, int root, Workspace workspace = {}, Site site = {}) {
  return array::collected(x, root, workspace, site);
}

/// Collective. The same on all ranks: P times the memory. (One copy for each node: NodeShared.)
/// @throws BudgetError on all ranks, before anything is allocated, if a node has no room for a copy for each
///         of its ranks.
template <Movable T>
std::vector<T> all_gather(const DistVector<T>& x, Workspace workspace = {}, Site site = {}) {
  return array::collected(x, std::nullopt, workspace, site);
}

/// Collective. The root's elements as a vector of any layout: element i of `all`, which counts on the root
/// only, becomes element i. Five packets, the number of elements, and these themselves.
/// @throws as DistVector's constructor; DistributionError for a root that does not exist.
template <MovableRange Values>
auto scatter(const World& world, const Values& all, const Layout& layout, int root,
             std::string name = "vector", Workspace workspace = {}, Site site = {}) {
  using T = std::ranges::range_value_t<Values>;
  const std::span<const T> mine(all);
  constexpr comm::ElementName element = comm::element_name<T>();
  const Index n = array::elements_of_root(world, element, mine.size(), root, site);
  DistVector<T> result(world, n, layout, std::move(name), site);
  array::deal_out(world, element, std::as_bytes(mine).data(), root, result.distribution(), result.name(),
                  std::as_writable_bytes(result.local()).data(), workspace, site);
  return result;
}

}  // namespace tutti

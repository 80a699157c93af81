#include "tutti/array/gather_scatter.hpp"

#include <algorithm>

#include "tutti/array/movement.hpp"
#include "tutti/comm/agree.hpp"
#include "tutti/comm/node_memory.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation gather_operation{"gather vector"};
constexpr comm::Operation all_gather_operation{"all_gather vector"};
constexpr comm::Operation scatter_operation{"scatter vector"};

// All elements on one rank, as a distribution.
Distribution all_on(int root, Index n, int ranks) {
  std::vector<Index> counts(static_cast<std::size_t>(ranks), 0);
  counts[static_cast<std::size_t>(root)] = n;
  return {irregular(counts), n, ranks};
}

// What a gather adds to this rank and to its node.
memory::Holding holding_of(const Wanted& x, const comm::Operation& operation, std::optional<int> root) {
  const World& world = x.world;
  if (root) comm::check_root(world, operation, *root);
  const int copies = !root ? world.node_size() : world.node_of(*root) == world.node() ? 1 : 0;
  const auto bytes = [&](int times) {
    const Uint128 all = Uint128{static_cast<std::uint64_t>(x.distribution.size())} * x.element.bytes;
    return saturated(all * static_cast<unsigned>(times));
  };
  return {text("all of ", x.name),
          root ? memory::Category::buffer : memory::Category::replicated,
          bytes(!root || *root == world.rank() ? 1 : 0),
          bytes(copies),
          x.distribution.size(),
          x.element.bytes,
          {}};
}

}  // namespace

void collect(const Wanted& x, std::optional<int> root, Workspace workspace, Site site,
             const std::function<std::byte*()>& allocate) {
  const comm::Operation& operation = root ? gather_operation : all_gather_operation;
  comm::Call call{operation, site, x.element, x.distribution.size(), root.value_or(-1)};
  call.note = x.name;
  call.detail = Move{x.distribution, nullptr, workspace}.hash();
  // Until the caller has it: what is his, he books himself.
  const memory::Booking booking = comm::book(x.world, call, [&] { return holding_of(x, operation, root); });
  const Distribution to = root ? all_on(*root, x.distribution.size(), x.world.size()) : x.distribution;
  const bool mine = root.value_or(x.world.rank()) == x.world.rank();
  move_elements(x.world, call, {x.distribution, root ? &to : nullptr, workspace}, text("gathering ", x.name),
                [&] {
                  return Ends{x.local, mine ? allocate() : nullptr};
                });
}

Index elements_of_root(const World& world, const comm::ElementName& element, std::size_t elements, int root,
                       Site site) {
  comm::agree(world, {scatter_operation, site, element, -1, root},
              [&] { comm::check_root(world, scatter_operation, root); });
  return broadcast(world, static_cast<Index>(elements), root, site);
}

void deal_out(const World& world, const comm::ElementName& element, const std::byte* all, int root,
              const Distribution& to, const std::string& name, std::byte* local, Workspace workspace,
              Site site) {
  const Distribution from = all_on(root, to.size(), world.size());
  const Move move{from, &to, workspace};
  comm::Call call{scatter_operation, site, element, to.size(), root};
  call.note = name;
  call.detail = move.hash();
  move_elements(world, call, move, text("scattering ", name), [&] { return Ends{all, local}; });
}

}  // namespace tutti::array

#include "tutti/array/dist_vector.hpp"

#include "tutti/comm/agree.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation new_vector{"new vector"};

// Bytes that the ranks of this node will store together. (Each rank asks for its own part; only the sum tells
// whether the node has room.)
Uint128 bytes_on_node(const World& world, const Distribution& distribution, std::size_t element_bytes) {
  Uint128 bytes = 0;
  for (int rank = 0; rank < world.size(); ++rank)
    if (world.node_of(rank) == world.node()) bytes += Uint128{distribution.local_size(rank)} * element_bytes;
  return bytes;
}

}  // namespace

void check_new_vector(const World& world, const comm::ElementName& element, Index n, const Layout& layout,
                      const std::string& name, Site site) {
  comm::Call call{new_vector, site, element, n};
  const std::string shown = text(name, ", ", layout.name());
  call.note = shown;
  call.detail = layout.hash();
  comm::agree(world, call, [&] {
    const Distribution distribution(layout, n, world.size());
    const Uint128 needed = bytes_on_node(world, distribution, element.bytes);
    const std::uint64_t available = memory::available_bytes();
    if (needed <= available - available / 32) return;
    throw BudgetError(text("vector ", name, ": ", n, " elements of ", element.bytes, " bytes need ",
                           bytes_text(static_cast<std::uint64_t>(std::min<Uint128>(needed, INT64_MAX))),
                           " on node ", world.node_name(), " with ", world.node_size(), " ranks, ",
                           bytes_text(available), " are available; use more nodes, or a smaller type"),
                      {name,
                       {static_cast<std::int64_t>(std::min<Uint128>(needed, INT64_MAX)),
                        static_cast<std::int64_t>(available)}});
  });
}

}  // namespace tutti::array

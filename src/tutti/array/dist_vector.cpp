#include "tutti/array/dist_vector.hpp"

#include <algorithm>

#include "tutti/comm/node_memory.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation new_vector{"new vector"};

std::uint64_t clamped(Uint128 bytes) {
  return static_cast<std::uint64_t>(std::min<Uint128>(bytes, INT64_MAX));
}

}  // namespace

memory::Booking book_vector(const World& world, const comm::ElementName& element, Index n,
                            const Layout& layout, const std::string& name, Site site) {
  comm::Call call{new_vector, site, element, n};
  const std::string shown = text(name, ", ", layout.name());
  call.note = shown;
  call.detail = layout.hash();
  return comm::book(world, call, [&] {
    const Distribution distribution(layout, n, world.size());
    Uint128 on_node = 0;  // a rank stores its own part; only the sum tells whether the node has room
    for (int rank = 0; rank < world.size(); ++rank)
      if (world.node_of(rank) == world.node()) on_node += distribution.local_size(rank);
    return memory::Holding{name,
                           memory::Category::distributed,
                           clamped(Uint128{distribution.local_size(world.rank())} * element.bytes),
                           clamped(on_node * element.bytes),
                           n,
                           element.bytes,
                           layout.name()};
  });
}

}  // namespace tutti::array

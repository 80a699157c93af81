#include "tutti/array/dist_vector.hpp"

#include "tutti/array/named_call.hpp"
#include "tutti/comm/node_memory.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation new_vector{"new vector"};

}  // namespace

memory::Booking book_vector(const World& world, const comm::ElementName& element, Index n,
                            const Layout& layout, const std::string& name, Site site) {
  comm::Call call{new_vector, site, element, n};
  const std::string shown = text(name, ", ", layout.name());
  call.note = shown;
  call.detail = layout.hash();
  return comm::book(world, call, [&] {
    const Distribution distribution(layout, n, world.size());
    // A rank stores its own part; only the sum tells whether the node has room.
    const Uint128 all = on_node(world, [&](int rank) { return distribution.local_size(rank); });
    return memory::Holding{name,
                           memory::Category::distributed,
                           saturated(Uint128{distribution.local_size(world.rank())} * element.bytes),
                           saturated(all * element.bytes),
                           n,
                           element.bytes,
                           layout.name()};
  });
}

}  // namespace tutti::array

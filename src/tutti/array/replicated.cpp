#include "tutti/array/replicated.hpp"

#include "tutti/array/named_call.hpp"
#include "tutti/comm/agree.hpp"
#include "tutti/comm/node_memory.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation new_operation{"new replicated array"};
constexpr comm::Operation replicate_operation{"publish"};

}  // namespace

memory::Booking book_replicated(const World& world, const comm::ElementName& element, Index n,
                                const std::string& name, Site site) {
  const comm::Call call = named_call(new_operation, site, element, n, name);
  return comm::book(world, call, [&] {
    const std::uint64_t bytes = bytes_of(n, element, name, 1);
    const std::uint64_t on_node = bytes_of(n, element, name, world.node_size());
    return memory::Holding{name, memory::Category::replicated, bytes, on_node, n, element.bytes, {}};
  });
}

void fill_replicated(const World& world, const comm::ElementName& element, Index n, const std::string& name,
                     const std::function<void()>& fill, Site site) {
  comm::agree(world, named_call(replicate_operation, site, element, n, name), fill);
}

}  // namespace tutti::array

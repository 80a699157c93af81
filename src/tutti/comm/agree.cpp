#include "tutti/comm/agree.hpp"

#include "tutti/comm/context.hpp"

namespace tutti::comm {

void agree(const World& world, const Call& call, const std::function<void()>& check) {
  Packet packet;
  world.context().collective(call, packet, check);
}

}  // namespace tutti::comm

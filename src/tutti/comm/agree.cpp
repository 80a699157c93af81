#include "tutti/comm/agree.hpp"

#include "tutti/comm/context.hpp"

namespace tutti::comm {

void agree(const World& world, const Call& call, const std::function<void()>& check) {
  Packet packet;
  world.context().collective(call, packet, check);
}

bool agree_any(const World& world, const Call& call, const std::function<bool()>& check) {
  Packet packet;
  packet.merge = Merge::bits;
  packet.count = 1;
  world.context().collective(call, packet, [&] { packet.payload[0] = check() ? 1 : 0; });
  return packet.payload[0] != 0;
}

}  // namespace tutti::comm

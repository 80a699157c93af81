#include "tutti/comm/share_on_node.hpp"

#include <cstdint>
#include <span>

#include "tutti/core/error.hpp"

namespace tutti::comm {

std::optional<memory::SharedSegment> share_on_node(Channel& node, std::size_t bytes, const char* name,
                                                   Waiting how) {
  std::optional<memory::SharedSegment> segment;
  memory::SegmentHandle handle;
  std::int64_t failed = 0;
  if (node.rank() == 0) {
    try {
      segment = memory::SharedSegment::create(bytes, name);
      handle = segment->handle();
    } catch (const Error&) {
      failed = 1;
    }
  }
  node.broadcast(std::as_writable_bytes(std::span(&handle, 1)), 0, how);
  if (node.rank() != 0) {
    try {
      segment = memory::SharedSegment::open(handle, memory::Access::read_write);
    } catch (const Error&) {
      failed = 1;
    }
  }
  node.maximum({&failed, 1}, how);
  if (failed != 0) return std::nullopt;
  segment->close_handle();
  return segment;
}

}  // namespace tutti::comm

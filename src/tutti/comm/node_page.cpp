#include "tutti/comm/node_page.hpp"

#include <atomic>
#include <cstring>

#include "tutti/comm/board.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

namespace {

// Apart, so that no two ranks write to one cache line.
constexpr std::size_t head_bytes = 128;
constexpr std::size_t slot_bytes = 128;
static_assert(sizeof(memory::NodeCounters) <= head_bytes && sizeof(memory::SegmentHandle) <= slot_bytes);

}  // namespace

NodePage::NodePage(std::optional<memory::SharedSegment> segment, int ranks_on_node)
    : segment_(std::move(segment)) {
  if (segment_) {
    begin_ = segment_->bytes().data();
    board_ = {place(ranks_on_node), Board::bytes_for(ranks_on_node)};
    counters_ = reinterpret_cast<memory::NodeCounters*>(begin_);
  } else {
    own_counters_ = std::make_unique<memory::NodeCounters>();
    counters_ = own_counters_.get();
  }
}

std::size_t NodePage::bytes_for(int ranks_on_node) {
  return head_bytes + checked_cast<std::size_t>(ranks_on_node) * slot_bytes + Board::bytes_for(ranks_on_node);
}

std::byte* NodePage::place(int slot) const {
  return begin_ + head_bytes + static_cast<std::size_t>(slot) * slot_bytes;
}

void NodePage::post(int slot, const memory::SegmentHandle& handle) const {
  if (!shared()) return;
  std::memcpy(place(slot), &handle, sizeof handle);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

memory::SegmentHandle NodePage::posted(int slot) const {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  memory::SegmentHandle handle;
  std::memcpy(&handle, place(slot), sizeof handle);
  return handle;
}

}  // namespace tutti::comm

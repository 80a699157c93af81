#include "tutti/comm/watch_page.hpp"

#include <algorithm>

#include "tutti/core/text.hpp"

namespace tutti::comm {

WatchPage::WatchPage(int rank) : own_slots_(1), own_head_(1), head_(own_head_.data()), slots_(own_slots_) {
  introduce(rank);
}

// The segment is fresh, zeroed memory, and zero is the initial value of every atomic here.
WatchPage::WatchPage(memory::SharedSegment segment, int slot, int rank)
    : segment_(std::move(segment)), own_(slot) {
  const std::span<std::byte> bytes = segment_->bytes();
  head_ = reinterpret_cast<PageHead*>(bytes.data());
  slots_ = {reinterpret_cast<RankSlot*>(bytes.data() + sizeof(PageHead)),
            (bytes.size() - sizeof(PageHead)) / sizeof(RankSlot)};
  introduce(rank);
}

std::size_t WatchPage::bytes_for(int ranks_on_node) {
  return sizeof(PageHead) + static_cast<std::size_t>(ranks_on_node) * sizeof(RankSlot);
}

void WatchPage::introduce(int rank) {
  const memory::ProcessIdentity self = memory::this_process();
  mine().rank.store(rank);
  mine().start_time.store(self.start_time);
  mine().pid.store(self.pid);
}

void WatchPage::write_text(RankSlot& slot, std::string_view text) {
  for (std::size_t word = 0; word < RankSlot::text_words; ++word) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8 && 8 * word + i < text.size(); ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[8 * word + i])) << (8 * i);
    slot.text[word].store(value, std::memory_order_relaxed);
  }
}

std::string WatchPage::read_text(const RankSlot& slot) {
  std::string out;
  for (const auto& word : slot.text) {
    const std::uint64_t value = word.load(std::memory_order_relaxed);
    for (unsigned i = 0; i < 8; ++i) {
      const auto byte = static_cast<char>(value >> (8 * i));
      if (byte == '\0') return printable(out);
      out += byte;
    }
  }
  return printable(out);
}

memory::ProcessIdentity WatchPage::process(const RankSlot& slot) {
  return {slot.pid.load(), slot.start_time.load()};
}

}  // namespace tutti::comm

// Packets through memory: where all ranks of a World are on one node, each pins its packet to a board that
// all of them see, instead of sending it.
//
// A packet fits a cache line, with a stamp that tells it from the one before. Each line exists twice, for
// packets with even and with odd numbers: a rank writes its packet n + 2 where packet n was when it has
// packet n + 1 of all others, and they wrote that one after they had read packet n.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tutti/comm/packet.hpp"

namespace tutti::comm {

class Board {
 public:
  /// @param memory  bytes_for(ranks), aligned to 64, shared by the ranks, zero at the beginning
  Board(std::span<std::byte> memory, int rank, int ranks);

  static std::size_t bytes_for(int ranks);

  /// All ranks' packets combined, in an order that depends on the number of ranks only. All ranks call it
  /// equally often.
  /// @param wait  called again and again as long as another rank's packet is not there
  template <class Wait>
  Packet exchange(const Packet& mine, Wait&& wait);

 private:
  struct alignas(64) Line {
    std::array<std::atomic<std::uint64_t>, 8> words;
  };
  static_assert(sizeof(Line) == 64 && std::atomic<std::uint64_t>::is_always_lock_free);

  /// So many ranks read one another's packets. More of them form groups, whose first ranks form groups again.
  static constexpr int group = 8;

  /// Places for packets: one for each rank, one for each group, each group of groups, and so on, and one for
  /// the result.
  static std::size_t places(int ranks);
  Line& line(std::size_t place) const { return lines_[2 * place + (count_ & 1U)]; }
  std::uint64_t stamp() const { return 1 + count_ / 2 % 255; }
  void write(std::size_t place, const Packet& packet) const;
  bool is_there(std::size_t place) const {
    return line(place).words[0].load(std::memory_order_acquire) >> 56U == stamp();
  }
  Packet read(std::size_t place) const;

  template <class Wait>
  Packet await(std::size_t place, Wait& wait) const {
    while (!is_there(place)) wait();
    return read(place);
  }
  template <class Wait>
  Packet combine(std::size_t first, int count, Wait& wait) const {
    Packet merged = await(first, wait);
    for (int i = 1; i < count; ++i) merge(await(first + static_cast<std::size_t>(i), wait), merged);
    return merged;
  }
  template <class Wait>
  Packet exchange_in_groups(const Packet& mine, Wait& wait) const;

  Line* lines_;
  int rank_;
  int ranks_;
  std::uint64_t count_ = 0;  ///< of exchanges so far
};

template <class Wait>
Packet Board::exchange(const Packet& mine, Wait&& wait) {
  Packet merged;
  if (ranks_ <= group) {
    write(static_cast<std::size_t>(rank_), mine);
    merged = combine(0, ranks_, wait);
  } else {
    merged = exchange_in_groups(mine, wait);
  }
  ++count_;
  return merged;
}

template <class Wait>
Packet Board::exchange_in_groups(const Packet& mine, Wait& wait) const {
  const std::size_t result = places(ranks_) - 1;
  Packet merged = mine;
  std::size_t level = 0;  // where its places begin
  for (int index = rank_, count = ranks_;; index /= group, count = (count + group - 1) / group) {
    const std::size_t place = level + static_cast<std::size_t>(index);
    write(place, merged);
    if (index % group != 0) return await(result, wait);
    merged = combine(place, std::min(group, count - index), wait);
    if (count <= group) break;
    level += static_cast<std::size_t>(count);
  }
  write(result, merged);
  return merged;
}

}  // namespace tutti::comm

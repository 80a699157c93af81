#include "tutti/comm/board.hpp"

#include <bit>

#include "tutti/core/integer.hpp"

namespace tutti::comm {

namespace {

// The first word of a line is the first one of a packet, whose last two bytes share one, before the stamp.
constexpr unsigned merge_shift = 48, count_shift = 52, stamp_shift = 56;
constexpr std::uint64_t four_bits = 15;

using Words = std::array<std::uint64_t, sizeof(Packet) / 8>;

}  // namespace

Board::Board(std::span<std::byte> memory, int rank, int ranks)
    : lines_(reinterpret_cast<Line*>(memory.data())), rank_(rank), ranks_(ranks) {}

std::size_t Board::places(int ranks) {
  std::size_t places = 1;
  int count = ranks;
  for (; count > group; count = (count + group - 1) / group) places += checked_cast<std::size_t>(count);
  return places + checked_cast<std::size_t>(count);
}

std::size_t Board::bytes_for(int ranks) { return 2 * places(ranks) * sizeof(Line); }

void Board::write(std::size_t place, const Packet& packet) const {
  auto words = std::bit_cast<Words>(packet);
  words[0] = static_cast<std::uint32_t>(packet.failed) | std::uint64_t{packet.flags} << 32U |
             std::uint64_t{packet.specials} << 40U | static_cast<std::uint64_t>(packet.merge) << merge_shift |
             std::uint64_t{packet.count} << count_shift | stamp() << stamp_shift;
  Line& to = line(place);
  for (std::size_t i = words.size(); i-- > 1;) to.words[i].store(words[i], std::memory_order_relaxed);
  to.words[0].store(words[0], std::memory_order_release);
}

Packet Board::read(std::size_t place) const {
  const Line& from = line(place);
  Words words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = from.words[i].load(std::memory_order_relaxed);
  auto packet = std::bit_cast<Packet>(words);
  packet.failed = static_cast<std::int32_t>(static_cast<std::uint32_t>(words[0]));
  packet.flags = static_cast<std::uint8_t>(words[0] >> 32U);
  packet.specials = static_cast<std::uint8_t>(words[0] >> 40U);
  packet.merge = static_cast<Merge>(words[0] >> merge_shift & four_bits);
  packet.count = static_cast<std::uint8_t>(words[0] >> count_shift & four_bits);
  return packet;
}

}  // namespace tutti::comm

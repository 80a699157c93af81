// Threads stand for ranks: the memory is shared all the same.
#include "tutti/comm/board.hpp"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::comm {
namespace {

struct Memory {
  explicit Memory(int ranks)
      : bytes(Board::bytes_for(ranks)),
        all(static_cast<std::byte*>(::operator new (bytes, std::align_val_t{64}))) {
    std::fill_n(all, bytes, std::byte{0});
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { ::operator delete (all, std::align_val_t{64}); }
  std::span<std::byte> span() const { return {all, bytes}; }

  std::size_t bytes;
  std::byte* all;
};

// Runs f(board, rank) in a thread for each rank.
template <class F>
void on_ranks(int ranks, const F& f) {
  const Memory memory(ranks);
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      Board board(memory.span(), rank, ranks);
      f(board, rank);
    });
}

Packet with_value(std::uint64_t value, Merge merge = Merge::add_integer) {
  Packet packet;
  packet.merge = merge;
  packet.count = 1;
  packet.call = 7;
  packet.payload[0] = value;
  return packet;
}

TEST(Board, AllRanksGetTheSumOfEachRound) {
  for (const int ranks : {1, 2, 3, 4, 7, 8, 9, 16, 17, 65, 70})
    on_ranks(ranks, [&](Board& board, int rank) {
      const auto all = static_cast<std::uint64_t>(ranks);
      // More rounds than stamps on few ranks.
      const std::uint64_t rounds = ranks < 5 ? 1500 : 40;
      for (std::uint64_t round = 0; round < rounds; ++round) {
        const Packet merged = board.exchange(with_value(round + static_cast<std::uint64_t>(rank)),
                                             [] { std::this_thread::yield(); });
        ASSERT_EQ(merged.payload[0], all * round + all * (all - 1) / 2) << ranks << " ranks, round " << round;
        ASSERT_EQ(merged.call, 7U);
        ASSERT_FALSE(merged.trouble());
      }
    });
}

TEST(Board, ALateRankMissesNothingAndAnEarlyOneOverwritesNothing) {
  constexpr int ranks = 3;
  on_ranks(ranks, [&](Board& board, int rank) {
    for (std::uint64_t round = 0; round < 60; ++round) {
      if (round % ranks == static_cast<std::uint64_t>(rank))
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      const Packet merged = board.exchange(with_value(round), [] { std::this_thread::yield(); });
      ASSERT_EQ(merged.payload[0], ranks * round);
    }
  });
}

TEST(Board, EveryFieldOfAPacketArrives) {
  Packet packet;
  packet.failed = 5;
  packet.flags = Packet::mismatch | Packet::closing | Packet::leaving | Packet::listening;
  packet.specials = 63;
  packet.merge = Merge::bits;
  packet.count = 5;
  packet.call = 0x0123456789abcdef;
  packet.low = -2000;
  packet.high = 2001;
  packet.second_low = -7;
  packet.second_high = 30000;
  packet.payload = {1, 2, ~std::uint64_t{0}, 4, std::uint64_t{1} << 63U};
  on_ranks(2, [&](Board& board, int rank) {
    Packet mine = packet;
    if (rank == 1) mine = Packet{};  // matches any call
    const Packet merged = board.exchange(mine, [] { std::this_thread::yield(); });
    EXPECT_EQ(merged.failed, packet.failed);
    EXPECT_EQ(merged.flags, packet.flags);
    EXPECT_EQ(merged.specials, packet.specials);
    EXPECT_EQ(merged.merge, packet.merge);
    EXPECT_EQ(merged.count, packet.count);
    EXPECT_EQ(merged.call, packet.call);
    EXPECT_EQ(merged.low, packet.low);
    EXPECT_EQ(merged.high, packet.high);
    EXPECT_EQ(merged.second_low, packet.second_low);
    EXPECT_EQ(merged.second_high, packet.second_high);
    EXPECT_EQ(merged.payload, packet.payload);
  });
}

TEST(Board, SomebodyWhoHasFailedIsHeardByAll) {
  for (const int ranks : {2, 9, 20})
    on_ranks(ranks, [&](Board& board, int rank) {
      Packet mine = with_value(1);
      if (rank >= ranks - 2) {
        mine = Packet{};
        mine.failed = rank;
      }
      const Packet merged = board.exchange(mine, [] { std::this_thread::yield(); });
      EXPECT_EQ(merged.failed, ranks - 2);
    });
}

}  // namespace
}  // namespace tutti::comm

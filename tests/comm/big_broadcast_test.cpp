// A broadcast of more elements than an int can count.
#include <algorithm>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/memory/system_memory.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

constexpr std::size_t bytes = (std::size_t{1} << 31U) + 8;
constexpr std::size_t piece = std::size_t{1} << 30U;

std::uint64_t word(std::size_t at) { return (at + 1) * 0x9e3779b97f4a7c15U; }

TEST(BigBroadcast, MovesTwoGibibytesAndEight) {
  constexpr std::uint64_t needed = std::uint64_t{6} << 30U;  // two copies, and what MPI takes
  const std::uint64_t available = memory::available_bytes();
  if (any(world(), available < needed))
    GTEST_SKIP() << "needs " << bytes_text(needed) << " of memory, " << bytes_text(available)
                 << " are available";
  std::vector<std::uint64_t> words(bytes / 8);
  const int root = world().size() - 1;
  if (world().rank() == root)
    for (std::size_t at = 0; at < words.size(); ++at) words[at] = word(at);
  broadcast(world(), std::span(reinterpret_cast<unsigned char*>(words.data()), bytes), root);
  const auto check = [&](std::size_t first, std::size_t last) {
    for (std::size_t at = first; at < std::min(last, words.size()); ++at)
      ASSERT_EQ(words[at], word(at)) << at;
  };
  check(0, 1000);
  for (std::size_t boundary = piece; boundary < bytes; boundary += piece)
    check(boundary / 8 - 1000, boundary / 8 + 1000);
  check(words.size() - 1000, words.size());
  for (std::size_t at = 0; at < words.size(); at += 511) ASSERT_EQ(words[at], word(at)) << at;
}

}  // namespace
}  // namespace tutti

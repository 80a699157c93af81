// More elements than an int can count, in messages of more than a gibibyte.
#include <algorithm>

#include "tutti/array/gather_scatter.hpp"
#include "tutti/array/redistribution.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/memory/system_memory.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

constexpr Index n = (Index{1} << 31U) + (Index{1} << 22U) + 7;

unsigned char byte(Index i) {
  return static_cast<unsigned char>((static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15U) >> 56U);
}

bool memory_for(std::uint64_t needed) { return !any(world(), memory::available_bytes() < needed); }

// Every 509th element, and all around the first and the last ones of this rank and 2^30, 2^31.
void expect_bytes(std::span<const unsigned char> bytes, Index first, Index step) {
  const auto check = [&](std::size_t from, std::size_t to, std::size_t every) {
    for (std::size_t l = from; l < std::min(to, bytes.size()); l += every)
      ASSERT_EQ(bytes[l], byte(first + static_cast<Index>(l) * step)) << l;
  };
  check(0, bytes.size(), 509);
  for (const std::size_t around :
       {std::size_t{0}, std::size_t{1} << 30U, std::size_t{1} << 31U, bytes.size()})
    check(around < 2000 ? 0 : around - 2000, around + 2000, 1);
}

DistVector<unsigned char> cyclic_bytes() {
  DistVector<unsigned char> x(world(), n, cyclic, "x");
  for (std::size_t l = 0; l < x.local().size(); ++l)
    x.local()[l] = byte(static_cast<Index>(l) * world().size() + world().rank());
  return x;
}

TEST(BigRedistribution, OfMoreThanTwoToThe31Elements) {
  if (!memory_for(std::uint64_t{5} << 30U)) GTEST_SKIP() << "needs 5 GiB of memory";
  const DistVector<unsigned char> blocks = redistribute(cyclic_bytes(), block);
  expect_bytes(blocks.local(), blocks.distribution().range(world().rank()).first, 1);
  expect_bytes(redistribute(blocks, cyclic).local(), world().rank(), world().size());
  std::vector<Index> counts(static_cast<std::size_t>(world().size()), 0);
  counts.back() = n;  // from contiguous to contiguous: one message of each rank
  expect_bytes(redistribute(blocks, irregular(counts)).local(), 0, 1);
}

TEST(BigRedistribution, GatheredOnOneRank) {
  if (!memory_for(std::uint64_t{5} << 30U)) GTEST_SKIP() << "needs 5 GiB of memory";
  const std::vector<unsigned char> all = gather(cyclic_bytes(), 1);
  EXPECT_EQ(all.size(), world().rank() == 1 ? static_cast<std::size_t>(n) : 0U);
  expect_bytes(all, 0, 1);
}

}  // namespace
}  // namespace tutti

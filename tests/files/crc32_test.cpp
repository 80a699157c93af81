#include "tutti/files/crc32.hpp"

#include <random>

#include <gtest/gtest.h>

#include "tutti/files/crc32_polynomial.hpp"

#include "temporary_folder.hpp"

namespace tutti::files {
namespace {

std::vector<std::byte> random_bytes(std::size_t count) {
  std::mt19937_64 random(2026);
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

// The definition, bit by bit: of the first 0, 1, 2 ... bytes.
std::vector<std::uint32_t> by_bits(std::span<const std::byte> bytes) {
  std::uint32_t state = ~std::uint32_t{0};
  std::vector<std::uint32_t> sums{0};
  for (const std::byte byte : bytes) {
    state ^= static_cast<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) state = crc::times_x(state);
    sums.push_back(~state);
  }
  return sums;
}

TEST(Crc32, TheNumbersOfOthers) {
  EXPECT_EQ(crc32({}), 0U);
  EXPECT_EQ(crc32(bytes_in("123456789")), 0xcbf43926U);  // the check value of the catalogues
  EXPECT_EQ(crc32(bytes_in("The quick brown fox jumps over the lazy dog")), 0x414fa339U);
  EXPECT_EQ(crc32(std::vector<std::byte>(32)), 0x190a55adU);  // Python: zlib.crc32(bytes(32))
}

TEST(Crc32, EveryKernelEveryLengthAndAlignment) {
  const std::vector<std::byte> all = random_bytes(3000);
  const std::span<const std::byte> bytes(all);
  for (const Crc32Kernel& kernel : crc32_kernels())
    for (std::size_t first = 0; first < 5; ++first) {
      const std::vector<std::uint32_t> right = by_bits(bytes.subspan(first, 1100));
      for (std::size_t count = 0; count <= 1100; ++count)
        ASSERT_EQ(kernel.update(bytes.subspan(first, count), 0), right[count])
            << kernel.name << ", " << count;
    }
}

TEST(Crc32, GoesOnBehindOtherBytes) {
  const std::vector<std::byte> all = random_bytes(5000);
  const std::span<const std::byte> bytes(all);
  const std::uint32_t whole = by_bits(bytes).back();
  for (const Crc32Kernel& kernel : crc32_kernels())
    for (std::size_t cut = 0; cut <= bytes.size(); cut += 37)
      ASSERT_EQ(kernel.update(bytes.subspan(cut), kernel.update(bytes.first(cut), 0)), whole)
          << kernel.name << ", cut at " << cut;
}

TEST(Crc32, OfPartsThatAreCheckedApart) {
  const std::vector<std::byte> all = random_bytes(5000);
  const std::span<const std::byte> bytes(all);
  const std::uint32_t whole = by_bits(bytes).back();
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 7)
    ASSERT_EQ(crc32_joined(crc32(bytes.first(cut)), crc32(bytes.subspan(cut)),
                           static_cast<Index>(bytes.size() - cut)),
              whole);
  EXPECT_EQ(crc32_joined(0, crc32(bytes), 5000), crc32(bytes));
}

// 1 TiB of zeros behind a letter, joined in two orders.
TEST(Crc32, OfPartsLongerThanMemory) {
  std::uint32_t zeros = crc32(std::vector<std::byte>(1024));
  std::uint32_t behind = crc32_joined(crc32(bytes_in("x")), zeros, 1024);
  for (Index bytes = 1024; bytes < Index{1} << 40U; bytes *= 2) {
    behind = crc32_joined(behind, zeros, bytes);
    zeros = crc32_joined(zeros, zeros, bytes);
  }
  EXPECT_EQ(crc32_joined(crc32(bytes_in("x")), zeros, Index{1} << 40U), behind);
  EXPECT_NE(crc32_joined(crc32(bytes_in("x")), zeros, (Index{1} << 40U) - 1), behind);
}

TEST(Crc32, FindsEveryFlippedBit) {
  std::vector<std::byte> bytes = random_bytes(600);
  const std::uint32_t right = crc32(bytes);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    EXPECT_NE(crc32(bytes), right);
    bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
  }
}

}  // namespace
}  // namespace tutti::files

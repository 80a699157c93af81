#include "tutti/files/crc32.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "tutti/files/crc32_polynomial.hpp"

namespace tutti::files {

namespace {

constexpr std::size_t at_once = 16;  // bytes

// tables[k][b]: what byte b does to the state when k zero bytes follow it (M. Kounavis and F. Berry, "Novel
// table lookup-based algorithms for high-performance CRC generation", doi:10.1109/TC.2008.85).
using Tables = std::array<std::array<std::uint32_t, 256>, at_once>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t state = byte;
    for (int bit = 0; bit < 8; ++bit) state = crc::times_x(state);
    tables[0][byte] = state;
  }
  for (std::size_t k = 1; k < at_once; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = tables[k - 1][byte] >> 8U ^ tables[0][tables[k - 1][byte] & 0xffU];
  return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t with_tables(std::span<const std::byte> bytes, std::uint32_t before) {
  return ~crc::by_tables(bytes, ~before);
}

}  // namespace

std::uint32_t crc::by_tables(std::span<const std::byte> bytes, std::uint32_t state) {
  if constexpr (std::endian::native == std::endian::little) {
    for (; bytes.size() >= at_once; bytes = bytes.subspan(at_once)) {
      std::array<std::uint32_t, at_once / 4> words;
      std::memcpy(words.data(), bytes.data(), at_once);
      words[0] ^= state;
      state = 0;
      for (std::size_t i = 0; i < at_once; ++i)
        state ^= tables[at_once - 1 - i][words[i / 4] >> 8U * (i % 4) & 0xffU];
    }
  }
  for (const std::byte byte : bytes)
    state = state >> 8U ^ tables[0][(state ^ static_cast<std::uint32_t>(byte)) & 0xffU];
  return state;
}

std::vector<Crc32Kernel> crc32_kernels() {
  std::vector<Crc32Kernel> kernels{{"tables", with_tables}};
  if (const auto update = crc::clmul()) kernels.push_back({"clmul", update});
  if (const auto update = crc::clmul512()) kernels.push_back({"clmul512", update});
  return kernels;
}

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  static const auto update = crc32_kernels().back().update;
  return update(bytes, before);
}

// A B = A x^(8 |B|) + B; the inversions before and after cancel each other out.
std::uint32_t crc32_joined(std::uint32_t first, std::uint32_t second, Index second_bytes) {
  return crc::product(crc::power_of_x(8 * static_cast<std::uint64_t>(second_bytes)), first) ^ second;
}

}  // namespace tutti::files

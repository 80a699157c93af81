// The arithmetic behind CRC-32, and the ways to compute it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tutti::files::crc {

/// Polynomials modulo x^32 + x^26 + x^23 + x^22 + x^16 + x^12 + x^11 + x^10 + x^8 + x^7 + x^5 + x^4 + x^2 + x
/// + 1, the coefficient of x^0 in the highest bit. times_x: a x.
constexpr std::uint32_t times_x(std::uint32_t a) {
  constexpr std::uint32_t polynomial = 0xedb88320;
  return (a & 1U) != 0 ? a >> 1U ^ polynomial : a >> 1U;
}

/// a b
constexpr std::uint32_t product(std::uint32_t a, std::uint32_t b) {
  std::uint32_t result = 0;
  for (std::uint32_t bit = 0x80000000; bit != 0; bit >>= 1U, b = times_x(b))
    if ((a & bit) != 0) result ^= b;
  return result;
}

/// x^n
constexpr std::uint32_t power_of_x(std::uint64_t n) {
  std::uint32_t result = 0x80000000, square = 0x40000000;
  for (; n != 0; n >>= 1U, square = product(square, square))
    if ((n & 1U) != 0) result = product(result, square);
  return result;
}

/// A state is a CRC-32 that is not yet inverted.
std::uint32_t by_tables(std::span<const std::byte> bytes, std::uint32_t state);

/// By carry-less multiplication, 16 or 64 bytes at once; null where the processor cannot do it.
using Update = std::uint32_t (*)(std::span<const std::byte> bytes, std::uint32_t before);
Update clmul();
Update clmul512();

}  // namespace tutti::files::crc

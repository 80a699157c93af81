// CRC-32, the checksum of zlib, gzip and PNG: at the speed of memory, and of parts that are checked apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti::files {

/// The CRC-32 of `bytes`, which follow bytes whose CRC-32 is `before` (0: none). The number that
/// zlib.crc32(bytes, before) of Python returns; equal on every machine. Finds every damage that lies within
/// 32 bits, and any other but for one case in 2^32.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

/// The CRC-32 of A followed by B, from that of A, that of B and the length of B: those who hold the parts
/// need not meet. O(log second_bytes). (M. Adler's crc32_combine, zlib 1.2.12.)
std::uint32_t crc32_joined(std::uint32_t first, std::uint32_t second, Index second_bytes);

/// One of the ways to compute it.
struct Crc32Kernel {
  const char* name;
  std::uint32_t (*update)(std::span<const std::byte> bytes, std::uint32_t before);
};

/// Those that work on this processor, the fastest last.
std::vector<Crc32Kernel> crc32_kernels();

}  // namespace tutti::files

// Checksums of an array's chunks, to which several ranks add.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti::checkpoint {

/// Neighbouring bytes within one chunk, and their CRC-32.
struct ChunkPart {
  Index offset, bytes;
  std::uint32_t crc32;
};

/// What one rank adds: its bytes in ascending order. The sum of a chunk does not depend on who had which of
/// its bytes, so neither does it on the number of ranks or the layout.
class ChunkSums {
 public:
  explicit ChunkSums(Index chunk) : chunk_(chunk) {}
  /// `offset` bytes behind the array's first one.
  void add(Index offset, std::span<const std::byte> bytes);
  const std::vector<ChunkPart>& parts() const { return parts_; }

 private:
  Index chunk_;
  std::vector<ChunkPart> parts_;
};

/// The sums of all chunks of an array of so many bytes, from the parts of all ranks.
/// @throws InternalError, which names the array, unless these are all of its bytes, each once
std::vector<std::uint32_t> joined(std::vector<ChunkPart> parts, Index bytes, Index chunk,
                                  const std::string& name);

}  // namespace tutti::checkpoint

#include "tutti/checkpoint/chunk_sums.hpp"

#include <algorithm>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/crc32.hpp"

namespace tutti::checkpoint {

void ChunkSums::add(Index offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const Index left = chunk_ - offset % chunk_;
    const std::size_t now = std::min(bytes.size(), static_cast<std::size_t>(left));
    const bool goes_on =
        !parts_.empty() && offset % chunk_ != 0 && parts_.back().offset + parts_.back().bytes == offset;
    if (!goes_on) parts_.push_back({offset, 0, 0});
    ChunkPart& part = parts_.back();
    part.crc32 = files::crc32(bytes.first(now), part.crc32);
    part.bytes += static_cast<Index>(now);
    offset += static_cast<Index>(now);
    bytes = bytes.subspan(now);
  }
}

std::vector<std::uint32_t> joined(std::vector<ChunkPart> parts, Index bytes, Index chunk,
                                  const std::string& name) {
  std::sort(parts.begin(), parts.end(),
            [](const ChunkPart& a, const ChunkPart& b) { return a.offset < b.offset; });
  std::vector<std::uint32_t> sums;
  Index at = 0;
  for (const ChunkPart& part : parts) {
    if (part.offset != at)
      throw InternalError(text(name, ": byte ", std::min(at, part.offset), " was visited ",
                               part.offset > at ? "by no rank" : "twice"));
    if (at % chunk == 0)
      sums.push_back(part.crc32);
    else
      sums.back() = files::crc32_joined(sums.back(), part.crc32, part.bytes);
    at += part.bytes;
  }
  if (at != bytes) throw InternalError(text(name, ": ", at, " of its ", bytes, " bytes were visited"));
  return sums;
}

}  // namespace tutti::checkpoint

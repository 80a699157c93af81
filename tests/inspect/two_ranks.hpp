// Two processes whose memory is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sys/mman.h>
#include <vector>

#include "tutti/core/random.hpp"
#include "tutti/inspect/page_hash.hpp"
#include "tutti/memory/system_memory.hpp"

#include "../memory/children.hpp"

namespace tutti::inspect {

/// A child with pages of its own: `pages` of them filled from `seeds` (0: zeros), and the same once more in a
/// mapping that is shared. Writes to the first word of page i when it is told i.
class Rank {
 public:
  explicit Rank(std::vector<std::uint64_t> seeds)
      : seeds_(std::move(seeds)), child_([this] { return live(); }) {
    ready_.receive<int>();
  }
  pid_t pid() const { return child_.pid(); }

  void change(std::size_t page) {
    orders_.send(page);
    ready_.receive<int>();
  }

  /// The contents of a page of this seed.
  static std::vector<std::uint64_t> page(std::uint64_t seed) {
    std::vector<std::uint64_t> words(memory::page_size() / sizeof(std::uint64_t), 0);
    const Random random(seed);
    if (seed != 0)
      for (std::size_t i = 0; i < words.size(); ++i) words[i] = random.bits(static_cast<std::int64_t>(i));
    return words;
  }

 private:
  int live() {
    const std::size_t bytes = memory::page_size();
    auto* const own = static_cast<std::byte*>(
        ::mmap(nullptr, seeds_.size() * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    auto* const shared = static_cast<std::byte*>(
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    for (std::size_t i = 0; i < seeds_.size(); ++i)
      std::memcpy(own + i * bytes, page(seeds_[i]).data(), bytes);
    std::memcpy(shared, page(shared_seed).data(), bytes);
    for (;;) {
      ready_.send(1);
      own[orders_.receive<std::size_t>() * bytes] ^= std::byte{1};
    }
    return 0;
  }

 public:
  static constexpr std::uint64_t shared_seed = 4711;

 private:
  std::vector<std::uint64_t> seeds_;
  memory::Pipe ready_;
  memory::Pipe orders_;
  memory::Child child_;
};

}  // namespace tutti::inspect

// A hash of one page of memory, to find equal pages among millions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tutti::inspect {

/// The secret of one scan: all agents of a node use the same, and nobody can make pages that collide.
using HashKey = std::array<std::uint64_t, 2>;

struct PageDigest {
  std::uint64_t hash = 0;
  bool zero = false;  ///< all bytes are zero
};

/// Keyed hash of pages: a multilinear hash in eight independent lanes with one random word for each word of
/// the page (NH of Black, Halevi, Krawczyk, Krovetz, Rogaway: "UMAC", CRYPTO '99,
/// doi:10.1007/3-540-48405-1_14), each word being added to the neighbouring lane as well (as Collet's XXH3
/// does), so that pages that differ in one word never collide. Some 10 GiB/s: reading the other process's
/// memory costs more.
///
/// Equal hashes only make candidates: what is claimed is compared byte by byte (comparison.hpp).
class PageHash {
 public:
  /// @param page_bytes  a multiple of 64
  PageHash(const HashKey& key, std::size_t page_bytes);

  /// @param page  page_bytes() / 8 words
  PageDigest operator()(const std::uint64_t* page) const;

  std::size_t page_bytes() const { return words_.size() * sizeof(std::uint64_t); }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace tutti::inspect

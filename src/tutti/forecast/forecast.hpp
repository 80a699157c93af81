// What a job will take of its nodes' memory, known before it runs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tutti/forecast/base.hpp"
#include "tutti/forecast/job.hpp"

namespace tutti::forecast {

/// Bytes on the fullest rank and on the fullest node, and where the numbers come from.
struct Amount {
  std::uint64_t rank = 0;  ///< of its own: what its node shares is in `node` alone
  std::uint64_t node = 0;
  Origin origin = Origin::computed;
};

/// What an array, or the buffers of one kind, will take.
struct Part {
  std::string name;
  memory::Category category = memory::Category::distributed;
  std::uint64_t element_bytes = 0;
  Amount bytes;
};

/// Sums that no memory could hold stay at 2^64 - 1.
struct Forecast {
  int ranks = 1;
  int per_node = 1;
  int nodes = 1;
  std::vector<Part> parts;                      ///< the largest on a node first
  std::array<Amount, memory::categories> of{};  ///< by category; `program` is programs, libraries and MPI
  std::string program_origin;                   ///< "measured here on 1-16 ranks, extrapolated to 128"
  Amount page_tables;
  Amount total;
};

/// Exact where the description is: the elements of each rank by its layout, as allocations round them (64
/// bytes; from 4 MiB on, and for what a node shares, pages of 4 KiB). On top of them page tables, 8 bytes for
/// each page of 4 KiB and each rank that sees it - huge pages are not counted on, though the kernel keeps the
/// tables of private ones in any case - and the base.
///
/// The fullest node is the first one for block and block-cyclic layouts, of whose ranks none has more than
/// the one before it; with irregular and weighted ones all nodes are looked at.
/// @throws ShapeError or DistributionError for a layout that does not fit the ranks
/// Cost: O(log ranks of a node) for each array; O(ranks) with an irregular or weighted one
Forecast forecast(const Job& job, const Base& base);

/// Bytes that a rank's allocation of `bytes` takes.
std::uint64_t allocated(std::uint64_t bytes);
/// Bytes of page tables of a rank that sees `bytes` of memory.
std::uint64_t page_tables_of(std::uint64_t bytes);

}  // namespace tutti::forecast

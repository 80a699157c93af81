// What a job has held, by name, beside what the operating system says: the ledgers of all ranks in one value.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/memory/ledger.hpp"

namespace tutti {

/// Bytes of one node at the peaks of its ranks (each rank's own: an upper bound of what there was at one
/// time).
struct NodeMemory {
  std::string name;
  int ranks = 0;
  std::array<std::uint64_t, memory::categories> booked{};  ///< by category; what the node shares counts once
  std::uint64_t peak = 0;                                  ///< the most that was booked on it at one time
  std::uint64_t start = 0;        ///< PSS of its ranks before the first array: programs, libraries, MPI
  std::uint64_t pss = 0;          ///< of its ranks; shared pages divided, so this is what the node gave
  std::uint64_t rss = 0;          ///< of its ranks; a shared page counts for each of them
  std::uint64_t page_tables = 0;  ///< in neither

  /// Without the program, whose memory `start` is.
  std::uint64_t booked_total() const;
  /// PSS that neither the start nor the books explain: memory of MPI that came later, of the program, the
  /// heap. Negative where booked memory was not touched.
  std::int64_t unexplained() const;
};

/// One name of the ledger, in the whole job.
struct JobHolding {
  std::string name;
  memory::Category category = memory::Category::buffer;
  Index elements = -1;  ///< of the whole array; -1: not known
  std::uint64_t element_bytes = 0;
  std::string layout;            ///< of a distributed array
  std::uint64_t rank_bytes = 0;  ///< on the rank with most of it
  std::uint64_t node_bytes = 0;  ///< on the node with most of it
};

struct MemoryReport {
  std::string program;  ///< its name, without folders
  std::string mpi;      ///< "openmpi" or "mpich"
  int ranks = 0;
  std::vector<NodeMemory> nodes;
  std::vector<JobHolding> holdings;  ///< the largest on a node first

  /// The table that people read.
  std::string text() const;
  /// One object, schema "tutti-memory/1" (docs/memory.md).
  std::string json() const;
  /// @throws FormatError naming `source` for anything but such an object.
  static MemoryReport from_json(std::string_view text, const std::string& source);
};

}  // namespace tutti

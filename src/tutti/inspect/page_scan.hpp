// One look at all private pages of one rank, while it runs.
#pragma once

#include <cstdint>
#include <stop_token>
#include <sys/types.h>
#include <vector>

#include "tutti/inspect/foreign_memory.hpp"
#include "tutti/inspect/mappings.hpp"
#include "tutti/inspect/page_hash.hpp"

namespace tutti::inspect {

/// Where a page was found.
struct PagePlace {
  std::uint32_t process = 0;  ///< index into PageScan::processes
  std::uint64_t page = 0;     ///< address / page size
};

struct ScannedPage {
  std::uint64_t hash = 0;
  std::uint64_t place = 0;  ///< packed: see place_of()
};

PagePlace place_of(const ScannedPage& page);

struct ScannedProcess {
  ForeignMemory memory;
  std::vector<Mapping> mappings;
};

struct PageScan {
  std::size_t page_bytes = 0;
  std::vector<ScannedProcess> processes;
  std::vector<ScannedPage> pages;   ///< by hash; of equal pages of this rank only one, zero pages left out
  std::uint64_t private_bytes = 0;  ///< that were read: resident, private, not a file's
  std::uint64_t zero_bytes = 0;     ///< of these, in pages of zeros
  std::uint64_t skipped_bytes = 0;  ///< of mappings that are too large to look through (address space only)
  int error = 0;                    ///< errno: why some process could not be read; 0: all could
  pid_t unreadable = 0;             ///< this one
};

/// Reads and hashes the private pages of the processes. 16 bytes are kept for each page. Ends early, with
/// what it has as it is, when `stop` is asked for.
PageScan scan_pages(const std::vector<pid_t>& family, const PageHash& hash, const std::stop_token& stop);

/// The mapping in which the page was; nullptr if it was in none.
const Mapping* mapping_of(const PageScan& scan, const ScannedPage& page);

}  // namespace tutti::inspect

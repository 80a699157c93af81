// What the operating system says about memory: of the node, of the limits on us, of one process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tutti/memory/cgroup.hpp"

namespace tutti::memory {

/// Memory of the node, in bytes.
struct SystemMemory {
  std::uint64_t total = 0;
  std::uint64_t available = 0;         ///< what programs can still get without swapping (MemAvailable)
  std::optional<CgroupMemory> cgroup;  ///< the tightest limit on this process, if there is one
};

/// Reads it anew: 50-100 us.
/// @throws SystemError where neither /proc/meminfo nor sysconf tells the size of memory.
SystemMemory system_memory();

/// What this process can still get: the smaller of the node's and the cgroup's. Allocating more than this
/// wakes the out-of-memory killer, which no program survives with a message.
std::uint64_t available_bytes();

/// Refuses what cannot be had, before it is asked for; 1/32 of what is available is left to the system (page
/// tables, the kernel, MPI).
/// @throws BudgetError naming `name`, what it needs, and what is available.
void require_available(std::uint64_t bytes, std::string_view name);

/// The MemTotal and MemAvailable of the text of /proc/meminfo; nothing if it has not both.
std::optional<SystemMemory> parse_meminfo(std::string_view text);

/// Memory of one process, in bytes.
struct ProcessMemory {
  std::uint64_t rss = 0;          ///< resident; pages shared by P ranks are in the RSS of each
  std::uint64_t peak_rss = 0;     ///< the largest it has been
  std::uint64_t page_tables = 0;  ///< in no RSS, but in the node's memory
  std::optional<std::uint64_t>
      pss;  ///< resident, shared pages divided by the number of processes that map them:
            ///  only PSS adds up over ranks. Not readable for other users' processes
};

/// Of this process (pid 0) or another. Reading the PSS takes 0.4-0.8 ms and more on a busy node: at phases,
/// not in loops.
/// @return nothing if the process has ended or is hidden.
std::optional<ProcessMemory> process_memory(std::int64_t pid = 0);

/// From the texts of /proc/<pid>/status and smaps_rollup (empty if it could not be read).
std::optional<ProcessMemory> parse_process_memory(std::string_view status, std::string_view smaps_rollup);

/// Whether the kernel gives huge pages to ordinary memory.
enum class HugePages : std::uint8_t {
  always,   ///< wherever it can
  madvise,  ///< to those who ask (we do, for large buffers)
  never,
  unknown,  ///< the kernel has no such thing
};

const char* name(HugePages mode);

/// From the text of /sys/kernel/mm/transparent_hugepage/enabled: "always [madvise] never".
HugePages parse_huge_pages(std::string_view text);
HugePages huge_pages();

/// Bytes of an ordinary page, and of a huge page (0: the kernel has none).
std::size_t page_size();
std::size_t huge_page_size();

struct FilesystemSpace {
  std::uint64_t size = 0;  ///< bytes
  std::uint64_t free = 0;  ///< bytes, for ordinary users
};

/// Of /dev/shm, which limits MPI's own shared windows (not ours); nothing if it does not exist.
std::optional<FilesystemSpace> shared_memory_filesystem();

}  // namespace tutti::memory

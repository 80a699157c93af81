// Reading another process's memory while it runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tutti::inspect {

/// Consecutive pages, counted from some first one.
struct PageRun {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// Whether the kernel merges equal pages by itself (KSM): then a page that several processes map may be
/// merged already, and only pages with one owner can still be copies.
enum class Merging : std::uint8_t { off, on };

/// Which of the pages hold memory of this process alone or of its relatives by fork, from their entries in
/// /proc/<pid>/pagemap (Documentation/admin-guide/mm/pagemap.rst of Linux): present, and neither a file's nor
/// shared memory.
std::vector<PageRun> own_pages(std::span<const std::uint64_t> entries, Merging merging);

/// As the kernel is set up now.
Merging kernel_merging();

/// Where some bytes are, and where they shall go.
struct Piece {
  std::uint64_t address = 0;
  std::byte* target = nullptr;
  std::size_t bytes = 0;
};

/// Another process's memory and page table. Reading it needs the right to trace the process: the same user, a
/// "dumpable" program, and under Yama (ptrace_scope 1) to be its ancestor.
class ForeignMemory {
 public:
  explicit ForeignMemory(pid_t pid);
  ForeignMemory(ForeignMemory&& other) noexcept;
  ForeignMemory(const ForeignMemory&) = delete;
  ForeignMemory& operator=(const ForeignMemory&) = delete;
  ~ForeignMemory();

  pid_t pid() const { return pid_; }
  /// errno: why the page table cannot be read; 0: it can.
  int error() const { return error_; }

  /// Entries of the page table for the pages from `first_page` on. @return how many were read.
  std::size_t read_table(std::uint64_t first_page, std::span<std::uint64_t> entries) const;

  /// Copies the pieces. @return how many, from the front, are complete; errno says why the next one is not
  /// (EFAULT: it is not there any more; EPERM: no permission; ESRCH: the process has ended).
  std::size_t read(std::span<const Piece> pieces);

 private:
  std::size_t read_by_file(std::span<const Piece> pieces);

  pid_t pid_;
  int table_ = -1;
  int error_ = 0;
  int memory_ = -1;  // only where process_vm_readv is not allowed
  bool by_file_ = false;
};

/// What keeps us from reading the process, with the remedy: for errors of ForeignMemory.
std::string why_unreadable(pid_t pid, int error);

}  // namespace tutti::inspect

// What both programs do to memory and to the page cache alike.
#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <span>
#include <sys/mman.h>
#include <unistd.h>

/// Memory as tutti's vectors have it, so that both are filled equally fast.
inline std::span<double> huge_pages(std::size_t count) {
  constexpr std::size_t page = std::size_t{2} << 20U;
  const std::size_t bytes = (count * sizeof(double) + page - 1) / page * page;
  void* memory = std::aligned_alloc(page, bytes);
  if (memory == nullptr) std::abort();
  madvise(memory, bytes, MADV_HUGEPAGE);
  return {static_cast<double*>(memory), count};
}

/// What has been written to the medium leaves the page cache: the next reading comes from the medium.
inline void forget(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  close(file);
}

#include "tutti/memory/buffer.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/resource.h>

#include "tutti/memory/system_memory.hpp"

namespace tutti::memory {

namespace {

[[noreturn]] void refuse(std::size_t bytes, std::string_view name, int error) {
  rlimit limit{};
  const bool limited = ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  throw SystemError(
      text(name, ": needs ", bytes_text(bytes), ", ", bytes_text(available_bytes()), " available",
           limited ? text(", address space limited to ", bytes_text(limit.rlim_cur), " (ulimit -v)")
                   : std::string(),
           ": ", errno_text(error)),
      {std::string(name), {error, 0}});
}

std::size_t rounded(std::size_t bytes, std::size_t multiple) {
  return (bytes + multiple - 1) / multiple * multiple;
}

void* heap(std::size_t bytes, std::string_view name) {
  const std::size_t padded = rounded(bytes, Allocation::alignment);
  void* memory = std::aligned_alloc(Allocation::alignment, padded);
  if (memory == nullptr) refuse(bytes, name, ENOMEM);
  return std::memset(memory, 0, padded);
}

// mmap aligns to 4 KiB only: ask for one huge page more and give back what sticks out on both sides.
void* mapping(std::size_t bytes, std::string_view name) {
  constexpr std::size_t huge = Allocation::huge_page;
  if (bytes > SIZE_MAX / 2) refuse(bytes, name, ENOMEM);
  const std::size_t padded = rounded(bytes, page_size());
  void* memory = ::mmap(nullptr, padded + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) refuse(bytes, name, errno);
  auto* const begin = static_cast<std::byte*>(memory);
  const std::size_t before = (huge - reinterpret_cast<std::uintptr_t>(begin) % huge) % huge;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + padded, huge - before);
  ::madvise(begin + before, padded, MADV_HUGEPAGE);  // advice: a kernel without huge pages may refuse it
  return begin + before;
}

}  // namespace

Allocation::Allocation(std::size_t bytes, std::string_view name) {
  if (bytes >= large && bytes <= SIZE_MAX / 2) require_available(bytes, name);
  *this = Allocation(bytes, name, Booking());
}

Allocation::Allocation(std::size_t bytes, std::string_view name, const Booking& /*booked*/) : bytes_(bytes) {
  if (bytes > 0) data_ = bytes < large ? heap(bytes, name) : mapping(bytes, name);
}

Allocation::~Allocation() {
  if (bytes_ >= large)
    ::munmap(data_, rounded(bytes_, page_size()));
  else
    std::free(data_);
}

}  // namespace tutti::memory

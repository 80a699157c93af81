// Memory as good as it gets, for what measures: huge pages if the system gives them.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <sys/mman.h>

namespace bench {

inline constexpr std::size_t huge_page = std::size_t{1} << 21U;

template <class T>
struct Release {
  void operator()(T* memory) const { ::operator delete[](memory, std::align_val_t{huge_page}); }
};
template <class T>
using Memory = std::unique_ptr<T[], Release<T>>;

/// n elements without values, from the start of a huge page on.
template <class T>
Memory<T> allocate(std::size_t n) {
  const std::size_t bytes = (n * sizeof(T) / huge_page + 1) * huge_page;
  Memory<T> memory(static_cast<T*>(::operator new[](bytes, std::align_val_t{huge_page})));
  madvise(memory.get(), bytes, MADV_HUGEPAGE);  // a wish; without it all is as correct, only slower
  return memory;
}

}  // namespace bench

// Allocate, touch all of it, free: plainly, and booked under a budget. One JSON object for each size.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <utility>
#include <vector>

#include <tutti/tutti.hpp>

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;
constexpr std::size_t huge_page = 2 * mebibyte;

// The compiler must believe that somebody looks at the memory.
void keep(void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

// What tutti's buffers do, without tutti: the heap for what is small, huge pages for what is large.
void plain(std::size_t bytes) {
  if (bytes < 4 * mebibyte) {
    void* memory = std::aligned_alloc(64, bytes);
    std::memset(memory, 0, bytes);
    keep(memory);
    std::memset(memory, 1, bytes);
    keep(memory);
    std::free(memory);
    return;
  }
  auto* const all = static_cast<char*>(
      ::mmap(nullptr, bytes + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  char* const begin = all + (huge_page - reinterpret_cast<std::uintptr_t>(all) % huge_page) % huge_page;
  ::madvise(begin, bytes, MADV_HUGEPAGE);
  std::memset(begin, 1, bytes);
  keep(begin);
  ::munmap(all, bytes + huge_page);
}

void booked(std::size_t bytes, tutti::memory::Ledger& ledger) {
  tutti::memory::Buffer<char> buffer(bytes, "x", ledger);
  std::memset(buffer.data(), 1, bytes);
  keep(buffer.data());
}

template <class F>
double microseconds(int times, const F& f) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) f();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / times;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  tutti::memory::Budget budget;
  budget.give({4096 * mebibyte, "the benchmark"});
  tutti::memory::Ledger ledger(budget);
  for (const std::size_t bytes : {mebibyte, 4 * mebibyte, 64 * mebibyte, 512 * mebibyte}) {
    const int times = static_cast<int>(std::max<std::size_t>(1, 256 * mebibyte / bytes));
    std::vector<double> without, with, ratios;
    for (int batch = 0; batch < 11; ++batch) {
      without.push_back(microseconds(times, [&] { plain(bytes); }));
      with.push_back(microseconds(times, [&] { booked(bytes, ledger); }));
      ratios.push_back(with.back() / without.back());
    }
    std::printf("{\"bytes\": %zu, \"plain_us\": %.2f, \"booked_us\": %.2f, \"ratio\": %.4f}\n", bytes,
                median(without), median(with), median(ratios));
  }
}

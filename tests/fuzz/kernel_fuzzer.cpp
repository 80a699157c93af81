// Compares every kernel with the reference on whatever libFuzzer thinks of.
//
//   kernel_fuzzer --write-seeds=FOLDER        writes the cases to begin with
//   kernel_fuzzer [options of libFuzzer] FOLDER
//
// TUTTI_TIER forces a tier upon the SIMD kernels: one for each process.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tutti/exact/kernels.hpp"

#include "fuzz_case.hpp"

namespace {

using tutti::ExactSum;
namespace exact = tutti::exact;

template <class Real>
const exact::KernelSet<Real>& set_of(const exact::Kernel& kernel) {
  if constexpr (sizeof(Real) == 8)
    return kernel.float64;
  else
    return kernel.float32;
}

template <class Real>
void add(ExactSum& total, const exact::Kernel& kernel, fuzz::Operation operation, std::span<const Real> x,
         std::span<const Real> y) {
  const exact::KernelSet<Real>& set = set_of<Real>(kernel);
  switch (operation) {
    case fuzz::Operation::sum:
      return set.sum(total, x);
    case fuzz::Operation::dot:
      return set.dot(total, x, y);
    case fuzz::Operation::squares:
      return set.sum_of_squares(total, x);
    case fuzz::Operation::magnitudes:
      return set.absolute_sum(total, x);
  }
}

/// The values, `shift` elements behind an aligned address, and nothing behind them.
template <class Real>
std::vector<Real> shifted(const std::vector<Real>& values, std::size_t shift) {
  std::vector<Real> result(shift);
  result.insert(result.end(), values.begin(), values.end());
  result.shrink_to_fit();
  return result;
}

template <class Real>
void compare(const fuzz::Header& header, std::span<const std::uint8_t> bytes) {
  const fuzz::Arrays<Real> arrays = fuzz::arrays_of<Real>(bytes);
  const std::vector<Real> x = shifted(arrays.x, header.shift), y = shifted(arrays.y, header.shift / 2);
  const auto xs = std::span<const Real>(x).subspan(header.shift);
  const auto ys = std::span<const Real>(y).subspan(header.shift / 2);
  ExactSum expected;
  expected.add(0.1);  // what was there before stays
  add(expected, exact::kernels().front(), header.operation, xs, ys);
  for (const exact::Kernel& kernel : exact::kernels()) {
    ExactSum got;
    got.add(0.1);
    add(got, kernel, header.operation, xs, ys);
    if (got == expected) continue;
    std::fprintf(stderr, "kernel %s, operation %d on float%zu, n = %zu: got %a, expected %a\n", kernel.name,
                 static_cast<int>(header.operation), 8 * sizeof(Real), xs.size(), got.round(),
                 expected.round());
    std::abort();
  }
}

void write_seeds(const std::filesystem::path& folder) {
  int number = 0;
  for (const std::string& seed : fuzz::seeds())
    std::ofstream(folder / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view option = "--write-seeds=";
  for (int i = 1; i < *argc; ++i) {
    const std::string_view word = (*argv)[i];
    if (word.substr(0, option.size()) != option) continue;
    write_seeds(word.substr(option.size()));
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  const fuzz::Header header = fuzz::header_of(bytes);
  if (header.narrow)
    compare<float>(header, bytes);
  else
    compare<double>(header, bytes);
  return 0;
}

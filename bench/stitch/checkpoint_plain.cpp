// The limit: the same numbers in one file, each rank its half (third ...) with plain pwrite and fsync, and
// read back with plain pread. A program without tutti: bench_checkpoint_plain FILE N [cold]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <span>
#include <unistd.h>

#include <mpi.h>

#include "checkpoint_pages.hpp"
#include "timing.hpp"

namespace {

bool failed = false;

// Calls move(bytes of memory, how many, place in the file) until all is moved.
template <class Move>
void in_pieces(std::span<double> numbers, long long first, const Move& move) {
  constexpr std::size_t piece = std::size_t{1} << 20U;
  auto* bytes = reinterpret_cast<char*>(numbers.data());
  const std::size_t size = numbers.size() * sizeof(double);
  for (std::size_t at = 0; at < size && !failed;) {
    const auto moved = move(bytes + at, std::min(piece, size - at), first * 8 + static_cast<long long>(at));
    if (moved <= 0) failed = true;
    at += static_cast<std::size_t>(std::max<long>(moved, 0));
  }
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (argc < 3) MPI_Abort(MPI_COMM_WORLD, 64);
  const long long n = std::atoll(argv[2]), first = n / size * rank,
                  last = rank + 1 == size ? n : n / size * (rank + 1);
  const std::span<double> numbers = huge_pages(static_cast<std::size_t>(last - first));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<double>(first) + static_cast<double>(i);
  const double written = bench::seconds([&] {
    if (rank == 0) close(open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    MPI_Barrier(MPI_COMM_WORLD);
    const int file = open(argv[1], O_WRONLY | O_CLOEXEC);
    in_pieces(numbers, first, [&](const char* bytes, std::size_t count, long long at) {
      return pwrite(file, bytes, count, at);
    });
    failed = failed || fsync(file) != 0 || close(file) != 0;
  });
  if (argc > 3) forget(argv[1]);
  std::fill(numbers.begin(), numbers.end(), 0.0);
  const double read = bench::seconds([&] {
    const int file = open(argv[1], O_RDONLY | O_CLOEXEC);
    in_pieces(numbers, first,
              [&](char* bytes, std::size_t count, long long at) { return pread(file, bytes, count, at); });
    failed = failed || close(file) != 0;
  });
  for (std::size_t i = 0; i < numbers.size(); ++i)
    failed = failed || numbers[i] != static_cast<double>(first) + static_cast<double>(i);
  if (rank == 0)
    std::printf("{\"what\": \"plain\", \"write\": %.6f, \"read\": %.6f, \"bytes\": %lld}\n", written, read,
                8 * n);
  MPI_Finalize();
  return failed ? 1 : 0;
}

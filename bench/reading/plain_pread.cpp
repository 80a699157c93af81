// The limit: two files read with plain pread into a buffer of 1 MiB, each rank its half (third ...), nothing
// else.
#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <mpi.h>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  constexpr std::size_t piece = 1U << 20U;
  std::vector<char> buffer(piece);
  long long total = 0;
  int failed = argc < 2 ? 1 : 0;
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  for (int f = 1; f < argc; ++f) {
    const int file = open(argv[f], O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file < 0 || fstat(file, &status) != 0) {
      failed = 1;
      break;
    }
    const long long begin = status.st_size / size * rank;
    const long long end = rank + 1 == size ? status.st_size : status.st_size / size * (rank + 1);
    for (long long at = begin; at < end;) {
      const auto want = std::min<long long>(end - at, static_cast<long long>(piece));
      const auto got = pread(file, buffer.data(), static_cast<std::size_t>(want), at);
      if (got <= 0) {
        failed = 1;
        break;
      }
      at += got;
      total += got;
    }
    close(file);
  }
  double seconds = MPI_Wtime() - start, slowest = 0;
  long long bytes = 0;
  MPI_Reduce(&seconds, &slowest, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
  MPI_Reduce(&total, &bytes, 1, MPI_LONG_LONG, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0)
    std::printf("{\"what\": \"plain pread\", \"seconds\": %.6f, \"bytes\": %lld}\n", slowest, bytes);
  MPI_Finalize();
  return failed;
}

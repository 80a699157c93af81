// docs/verify.md: a program that knows nothing of tutti.
#include <cstdio>

#include <mpi.h>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const double start = MPI_Wtime();
  double mine = 0, sum = 0;
  for (int i = rank; i < 1000000; i += ranks) mine += 1.0 / (i + 1);
  MPI_Reduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0)
    std::printf("%d ranks, %.6f s\nsum of 1000000 terms: %.17g\n", ranks, MPI_Wtime() - start, sum);
  MPI_Finalize();
}

// The peer: a program without tutti that adds one double, or many, over all ranks.
#include "batches.hpp"

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  volatile double result = 0;
  measure("8 bytes", rank, [&] {
    const double mine = 1;
    double sum = 0;
    MPI_Allreduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    result = sum;
  });
  for (const Length& length : lengths) {
    std::vector<double> mine(length.doubles, 1), sums(length.doubles);
    measure(length.name, rank, length.calls, [&] {
      MPI_Allreduce(mine.data(), sums.data(), static_cast<int>(length.doubles), MPI_DOUBLE, MPI_SUM,
                    MPI_COMM_WORLD);
    });
    result = sums[0];
  }
  MPI_Finalize();
}

#include <stdio.h>

#include <mpi.h>
#include <tutti/tutti.h>

int main(int argc, char **argv) {
  int rank, ranks;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);

  double x[1000], total = 0;
  int64_t n = 0;
  for (int i = rank; i < 1000; i += ranks) x[n++] = 1.0 / (i + 1);  // this rank's terms

  tutti_world *world = NULL;
  int status = tutti_world_from(MPI_COMM_WORLD, &world);
  if (status == TUTTI_OK) status = tutti_sum(world, "harmonic", n, x, &total);
  if (rank == 0 && status == TUTTI_OK) printf("%.17g\n", total);
  if (rank == 0 && status != TUTTI_OK) fprintf(stderr, "error: %s\n", tutti_last_error());
  MPI_Finalize();
  return status;
}

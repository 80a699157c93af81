#include <stdio.h>

#include <mpi.h>
#include <tutti/tutti.h>

int main(int argc, char **argv) {
  int rank;
  double x = 1, total = 0;
  tutti_world *world = NULL;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  int status = tutti_world_from(MPI_COMM_WORLD, &world);
  if (status == TUTTI_OK) status = tutti_sum(world, "mass", rank == 1 ? -5 : 1, &x, &total);  // n < 0 on rank 1
  if (rank == 0) printf("status %d, from rank %d: %s\n", status, tutti_last_error_rank(), tutti_last_error());
  if (status != TUTTI_OK) status = tutti_sum(world, "mass", 1, &x, &total);
  if (rank == 0) printf("status %d, mass %g\n", status, total);
  status = tutti_sum(world, rank == 2 ? "charge" : "mass", 1, &x, &total);
  if (rank == 0) printf("status %d: %s\n", status, tutti_last_error());
  MPI_Finalize();
  return 0;
}

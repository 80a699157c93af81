/* A program of a user in C that has MPI already. */
#include <stdio.h>

#include <mpi.h>
#include <tutti/tutti.h>

int main(int argc, char **argv) {
  tutti_world *world = NULL;
  double mine, sum = 0;
  int rank, status;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  mine = rank + 0.5;
  status = tutti_world_from(MPI_COMM_WORLD, &world);
  if (status == TUTTI_OK) status = tutti_sum(world, "energy", 1, &mine, &sum);
  if (rank == 0) printf("sum = %g, tutti %s\n", sum, tutti_version());
  MPI_Finalize();
  return status;
}

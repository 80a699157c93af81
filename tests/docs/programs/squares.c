#include <stdio.h>

#include <mpi.h>
#include <tutti/tutti.h>

static int fill_and_read(tutti_world *world, int rank) {
  tutti_node_array *array = NULL;
  int status = tutti_node_array_create(world, "squares", 1000, TUTTI_INT64, &array);
  if (status != TUTTI_OK) return status;  // on all ranks
  void *part;
  int64_t first, count, n;
  int mine = tutti_node_array_stripe(array, &part, &first, &count);
  if (mine == TUTTI_OK)
    for (int64_t i = 0; i < count; ++i) ((int64_t *)part)[i] = (first + i) * (first + i);
  status = tutti_node_array_publish(array, mine, tutti_last_error());
  if (status != TUTTI_OK) return status;  // on all ranks
  const void *data;
  status = tutti_node_array_read(array, &data, &n);
  if (rank == 0 && status == TUTTI_OK) printf("%d elements, the last is %d\n", (int)n, (int)((const int64_t *)data)[n - 1]);
  return tutti_node_array_free(&array);
}

int main(int argc, char **argv) {
  int rank;
  tutti_world *world = NULL;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  int status = tutti_world_from(MPI_COMM_WORLD, &world);
  if (status == TUTTI_OK) status = fill_and_read(world, rank);
  if (rank == 0 && status != TUTTI_OK) fprintf(stderr, "error: %s\n", tutti_last_error());
  MPI_Finalize();
  return status;
}

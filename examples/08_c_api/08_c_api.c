// Shows: a C program that has MPI already takes three things from tutti, and keeps the rest. A sum whose bits do not
// depend on the number of ranks, beside MPI_Allreduce, whose do. One voice: the last rank does not find its file, all
// ranks hear of it, and go on together. And a guarded section around MPI calls of its own.
//
//   mpirun -n 1 ./08_c_api                   or   tutti run -n 1 -- ./08_c_api
//   mpirun -n 4 ./08_c_api
#include <stdio.h>

#include <mpi.h>
#include <tutti/tutti.h>

enum { terms = 100000 };

// 1 - 1/2 + 1/3 - ...: this rank adds every P-th term.
static int sums(tutti_world *world, int rank, int ranks) {
  static double x[terms];
  int64_t n = 0;
  double partial = 0, plain = 0, exact = 0;
  for (int64_t i = rank; i < terms; i += ranks) x[n++] = (i % 2 == 0 ? 1.0 : -1.0) / (double)(i + 1);
  for (int64_t i = 0; i < n; ++i) partial += x[i];
  MPI_Allreduce(&partial, &plain, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  int status = tutti_sum(world, "series", n, x, &exact);
  if (rank == 0 && status == TUTTI_OK) printf("MPI_Allreduce %a\ntutti_sum     %a\n", plain, exact);
  return status;
}

// Each rank reads a file of its own, and says how that went; what all ranks get is one answer.
static int read_files(tutti_world *world, int rank, int ranks) {
  int mine = TUTTI_OK;
  char text[100] = "";
  if (rank == ranks - 1) {
    FILE *file = fopen("no/such/file", "r");
    if (file == NULL) {
      mine = TUTTI_ERROR_FILE;
      snprintf(text, sizeof text, "no/such/file: cannot be read");
    } else {
      fclose(file);
    }
  }
  return tutti_together(world, "read files", mine, text);
}

// Every rank's number goes to the next one. No rank begins before all are here.
static int shift(tutti_world *world, int rank, int ranks) {
  int status = tutti_guard_begin(world, "shift");
  if (status != TUTTI_OK) return status;
  int received = -1, previous = (rank + ranks - 1) % ranks;
  MPI_Sendrecv(&rank, 1, MPI_INT, (rank + 1) % ranks, 0, &received, 1, MPI_INT, previous, 0, MPI_COMM_WORLD,
               MPI_STATUS_IGNORE);
  return tutti_guard_end(world, received == previous ? TUTTI_OK : TUTTI_ERROR_DATA, "a wrong number has come");
}

static int work(tutti_world *world, int rank, int ranks) {
  int status = sums(world, rank, ranks);
  if (status != TUTTI_OK) return status;
  status = read_files(world, rank, ranks);  // the same on all ranks
  if (status == TUTTI_ERROR_FILE) {
    if (rank == 0) printf("rank %d: %s; going on without it\n", tutti_last_error_rank(), tutti_last_error());
  } else if (status != TUTTI_OK) {
    return status;
  }
  return shift(world, rank, ranks);
}

int main(int argc, char **argv) {
  int rank = 0, ranks = 1;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  tutti_world *world = NULL;
  int status = tutti_world_from(MPI_COMM_WORLD, &world);
  if (status == TUTTI_OK) status = work(world, rank, ranks);
  if (status != TUTTI_OK && rank == 0) fprintf(stderr, "error: %s\n", tutti_last_error());  // all have it: one says it
  MPI_Finalize();
  return status;
}

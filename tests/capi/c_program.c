// A program in C99 with its own MPI_Init: what C++ tests cannot show of tutti.h.
//
//   mpiexec -n 3 c_program 3 works|leaves|outside|stuck
//
// works: every function, once from C. leaves: the last rank goes to MPI_Finalize while the others are in a sum.
// outside: calls before MPI_Init and after MPI_Finalize. stuck: the last rank fails in a guarded section, in which the
// others wait for it in MPI; the watchdog has to end this. Prints what fails, and ends with 1.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpi.h>
#include <tutti/tutti.h>

static int rank = 0, ranks = 1, failures = 0;

static void check(int holds, const char *what, int line) {
  if (holds) return;
  ++failures;
  fprintf(stderr, "rank %d: c_program.c:%d: %s; last error: %s\n", rank, line, what, tutti_last_error());
}
#define CHECK(condition) check(condition, #condition, __LINE__)

static void sums(tutti_world *world) {
  const double x[3] = {1e100, 1.0 + rank, -1e100};
  const float f[2] = {0.5F, 0.25F};
  const double triangle = 0.5 * ranks * (ranks + 1);
  double sum = 0, several[3] = {0, 0, 0}, elements[2] = {1e100, 1};
  float singles[2] = {2.0F, -1.0F};
  CHECK(tutti_sum(world, "sum", 3, x, &sum) == TUTTI_OK && sum == triangle);
  CHECK(tutti_sum_float(world, "sum", 2, f, &sum) == TUTTI_OK && sum == 0.75 * ranks);
  CHECK(tutti_dot(world, "dot", 1, x + 1, x + 1, &sum) == TUTTI_OK);
  CHECK(sum == ranks * (ranks + 1) * (2 * ranks + 1) / 6);
  CHECK(tutti_dot_float(world, "dot", 2, f, f, &sum) == TUTTI_OK && sum == 0.3125 * ranks);
  CHECK(tutti_sums(world, "three", 3, 1, x, several) == TUTTI_OK);
  CHECK(several[0] == ranks * 1e100 && several[1] == triangle && several[2] == -ranks * 1e100);
  if (rank == 0) elements[0] = -(ranks - 1) * 1e100;
  CHECK(tutti_sum_elements(world, "elements", 2, elements) == TUTTI_OK && elements[1] == ranks);
  CHECK(tutti_sum_elements_float(world, "elements", 2, singles) == TUTTI_OK && singles[1] == (float)-ranks);
}

static void voice(tutti_world *world) {
  const int last = ranks - 1;
  CHECK(tutti_barrier(world, "barrier") == TUTTI_OK);
  CHECK(tutti_together(world, "read", rank == last ? TUTTI_ERROR_DATA : TUTTI_OK, "line 3: no number") == TUTTI_ERROR_DATA);
  CHECK(strcmp(tutti_last_error(), "line 3: no number") == 0 && tutti_last_error_rank() == last);
  CHECK(tutti_guard_begin(world, "own calls") == TUTTI_OK);
  MPI_Barrier(MPI_COMM_WORLD);
  CHECK(tutti_guard_end(world, rank == last ? 5 : 0, NULL) == TUTTI_ERROR_REMOTE);
  CHECK(strcmp(tutti_last_error(), "own calls: status 5") == 0);
}

static void arrays(tutti_world *world) {
  tutti_node_array *array = NULL;
  void *part = NULL;
  const void *data = NULL;
  int64_t first = 0, count = 0, n = 0;
  CHECK(tutti_node_array_create(world, "squares", 1000, TUTTI_INT64, &array) == TUTTI_OK);
  CHECK(tutti_node_array_stripe(array, &part, &first, &count) == TUTTI_OK);
  for (int64_t i = 0; i < count; ++i) ((int64_t *)part)[i] = (first + i) * (first + i);
  CHECK(tutti_node_array_publish(array, 0, NULL) == TUTTI_OK);
  CHECK(tutti_node_array_read(array, &data, &n) == TUTTI_OK && n == 1000);
  for (int64_t i = 0; i < n; ++i) CHECK(((const int64_t *)data)[i] == i * i);
  CHECK(tutti_node_array_free(&array) == TUTTI_OK && array == NULL);
}

static void works(void) {
  tutti_world *world = NULL;
  CHECK(tutti_world_from(MPI_COMM_WORLD, &world) == TUTTI_OK);
  sums(world);
  voice(world);
  arrays(world);
  CHECK(tutti_world_free(&world) == TUTTI_OK && world == NULL);
}

static void leaves(void) {
  tutti_world *world = NULL;
  const double one = 1;
  double sum = 17;
  CHECK(tutti_world_from(MPI_COMM_WORLD, &world) == TUTTI_OK);
  if (rank == ranks - 1) return;
  CHECK(tutti_sum(world, "energy", 1, &one, &sum) == TUTTI_ERROR_MISMATCH && sum == 17);
  CHECK(strstr(tutti_last_error(), "sum \"energy\" float64 at c_program.c:") != NULL);
  CHECK(strstr(tutti_last_error(), "finalize") != NULL);
  CHECK(tutti_sum(world, "energy", 1, &one, &sum) == TUTTI_ERROR_MISMATCH && sum == 17);
}

static void stuck(void) {
  tutti_world *world = NULL;
  int value = 0;
  CHECK(tutti_world_from(MPI_COMM_WORLD, &world) == TUTTI_OK);
  CHECK(tutti_guard_begin(world, "shift") == TUTTI_OK);
  if (rank == ranks - 1)
    tutti_guard_end(world, TUTTI_ERROR_DATA, "an odd number of rows");
  else
    MPI_Recv(&value, 1, MPI_INT, ranks - 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  CHECK(ranks == 0);  // nobody comes here
}

int main(int argc, char **argv) {
  const char *what = argc == 3 ? argv[2] : "";
  tutti_world *world = NULL;
  const double one = 1;
  double sum = 17;
  if (strcmp(what, "outside") == 0) {
    CHECK(tutti_world_from_fortran(0, &world) == TUTTI_ERROR_USAGE && world == NULL);
    CHECK(strstr(tutti_last_error(), "after MPI_Init") != NULL);
  }
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  CHECK(argc == 3 && ranks == atoi(argv[1]));
  if (strcmp(what, "works") == 0)
    works();
  else if (strcmp(what, "leaves") == 0)
    leaves();
  else if (strcmp(what, "stuck") == 0)
    stuck();
  else if (strcmp(what, "outside") == 0)
    CHECK(tutti_world_from(MPI_COMM_WORLD, &world) == TUTTI_OK);
  else
    check(0, "give works, leaves, outside or stuck", __LINE__);
  MPI_Finalize();
  if (strcmp(what, "outside") == 0) {
    CHECK(tutti_sum(world, "late", 1, &one, &sum) == TUTTI_ERROR_REMOTE && sum == 17);
    CHECK(tutti_world_from_fortran(0, &world) == TUTTI_ERROR_USAGE);
    CHECK(strstr(tutti_last_error(), "before MPI_Finalize") != NULL);
    CHECK(tutti_world_free(&world) == TUTTI_OK);
  }
  if (rank == 0 && failures == 0) printf("%s: ok on %d ranks, tutti %s\n", what, ranks, tutti_version());
  return failures != 0;
}

/* tutti for C programs that have MPI already (for Fortran: tutti.f90). docs/c_api.md shows how to use it.

   Every function but tutti_last_error(), tutti_last_error_rank() and tutti_version() returns a status: TUTTI_OK, which is 0, or the exit code of the error.
   tutti_last_error() then says what went wrong.

   A function whose comment begins with "Collective." is called by all ranks of the World, in the same order, with
   the same name. What goes wrong in it on one rank, a bad argument included, is the same error on all ranks: they all
   return its status and have its text, and the program may go on. Results are written only if all ranks succeed.
   A handle that is NULL, freed or not a handle cannot be told to the others: it is an error on this rank alone, and
   theirs in their next collective, which then does not match.

   `name` says what a call is for ("energy"); errors, the trace and the watchdog show it. Names are copied where they
   are kept. Counts are elements. One thread at a time uses a World. */
#pragma once

#include <stdint.h>

#include <mpi.h>

#include "tutti/comm/built_for.hpp" /* macros only */

#if (defined(TUTTI_FOR_OPENMPI) && !defined(OPEN_MPI)) || (defined(TUTTI_FOR_MPICH) && !defined(MPICH_VERSION))
#error "this <mpi.h> is not of the MPI that this tutti was built for: see tutti/comm/built_for.hpp"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Statuses. A signal that asks the job to end is 128 + its number. */
enum tutti_status {
  TUTTI_OK = 0,
  TUTTI_ERROR_USAGE = 64,    /* a wrong argument, or a wrong environment variable */
  TUTTI_ERROR_DATA = 65,     /* bad data; lengths that do not fit together */
  TUTTI_ERROR_FILE = 66,     /* an input is missing or not readable */
  TUTTI_ERROR_LAUNCHER = 69, /* launcher and MPI do not match */
  TUTTI_ERROR_REMOTE = 70,   /* an error of a program's own on some rank; misuse of an array */
  TUTTI_ERROR_SYSTEM = 71,   /* the operating system or MPI refused; out of memory */
  TUTTI_ERROR_OUTPUT = 73,   /* an output cannot be created */
  TUTTI_ERROR_IO = 74,       /* reading or writing failed midway */
  TUTTI_ERROR_BUDGET = 75,   /* over the memory budget of a node */
  TUTTI_ERROR_MISMATCH = 76  /* the ranks made different calls, or one has left */
};

/* Handles. They stay invalid once freed: no later handle has the same value. */
typedef struct tutti_world tutti_world;
typedef struct tutti_node_array tutti_node_array;

/* ---- the World ---- */

/* A program that was compiled for the other MPI does not link: "undefined reference to tutti_world_from_for_mpich". */
#define TUTTI_JOIN_AGAIN(left, right) left##_##right
#define TUTTI_JOIN(left, right) TUTTI_JOIN_AGAIN(left, right)
#define tutti_world_from TUTTI_JOIN(tutti_world_from, TUTTI_FOR_MPI)
#define tutti_world_from_fortran TUTTI_JOIN(tutti_world_from_fortran, TUTTI_FOR_MPI)

/* Collective over `communicator`. A handle of the World of its processes. The first one duplicates the communicator;
   the duplicate is kept until `communicator` is freed, or MPI ends. MPI_COMM_NULL is an error on this rank alone. */
int tutti_world_from(MPI_Comm communicator, tutti_world **world);
/* The same from a Fortran communicator: an INTEGER, or comm%MPI_VAL. */
int tutti_world_from_fortran(MPI_Fint communicator, tutti_world **world);

/* Not collective. Frees the handle and sets it to NULL; arrays stay valid. Nothing needs to be freed before
   MPI_Finalize. An error while a guarded section is open. */
int tutti_world_free(tutti_world **world);

/* ---- exact sums: the same bits on any number of ranks, whoever has which terms ---- */

/* Collective. The exact sum of the n elements at x of every rank, rounded once. Ranks may differ in n; n = 0 is
   allowed. One message of 64 B, sometimes a second one of 1112 B. */
#define tutti_sum(world, name, n, x, sum) tutti_sum_at(world, name, n, x, sum, __FILE__, __LINE__)
#define tutti_sum_float(world, name, n, x, sum) tutti_sum_float_at(world, name, n, x, sum, __FILE__, __LINE__)

/* Collective. The exact sum of x[i] * y[i] over the n elements of every rank, products unrounded, rounded once. */
#define tutti_dot(world, name, n, x, y, dot) tutti_dot_at(world, name, n, x, y, dot, __FILE__, __LINE__)
#define tutti_dot_float(world, name, n, x, y, dot) tutti_dot_float_at(world, name, n, x, y, dot, __FILE__, __LINE__)

/* Collective. `count` exact sums at once: sums[k] is that of x[k * n], ..., x[k * n + n - 1] of every rank. Ranks may
   differ in n. Two sums travel in one message of 64 B; more in a second one, about 70 B each. */
#define tutti_sums(world, name, count, n, x, sums) tutti_sums_at(world, name, count, n, x, sums, __FILE__, __LINE__)

/* Collective. Element by element, in place: x[i] becomes the exact sum of all ranks' x[i], rounded once. All ranks
   give the same n. Moves 2 n elements a rank. */
#define tutti_sum_elements(world, name, n, x) tutti_sum_elements_at(world, name, n, x, __FILE__, __LINE__)
#define tutti_sum_elements_float(world, name, n, x) tutti_sum_elements_float_at(world, name, n, x, __FILE__, __LINE__)

/* ---- one voice ---- */

/* Collective. Returns when all ranks have called it. 64 B. */
#define tutti_barrier(world, name) tutti_barrier_at(world, name, __FILE__, __LINE__)

/* Collective. Each rank says how it fared: `status` 0, or an error, with a text that says what is wrong (NULL: none).
   If all said 0, this returns 0; else the lowest failing rank's status and text, on all ranks. A status that is none
   of tutti_status comes back as TUTTI_ERROR_REMOTE, its number in the text. 64 B if all is well. */
#define tutti_together(world, what, status, text) tutti_together_at(world, what, status, text, __FILE__, __LINE__)

/* Collective. Begins a section in which the program makes MPI calls of its own: none begins before all ranks are here.
   If this returns an error, there is no section to end. Sections may be nested. 64 B. */
#define tutti_guard_begin(world, what) tutti_guard_begin_at(world, what, __FILE__, __LINE__)

/* Collective. Ends the section, and agrees as tutti_together() does; whatever it returns, the section has ended. If the
   others wait in MPI for a rank that ended its section with an error, the watchdog ends the job with that error. */
#define tutti_guard_end(world, status, text) tutti_guard_end_at(world, status, text, __FILE__, __LINE__)

/* ---- node-shared arrays: one copy for all ranks of a node, written once, then read-only ---- */

enum tutti_type { TUTTI_DOUBLE = 1, TUTTI_FLOAT = 2, TUTTI_INT32 = 3, TUTTI_INT64 = 4 };

/* Collective. n elements of a tutti_type, all zero. Two messages. TUTTI_ERROR_BUDGET, before anything is allocated, if
   a node has no room. */
#define tutti_node_array_create(world, name, n, type, array) \
  tutti_node_array_create_at(world, name, n, type, array, __FILE__, __LINE__)

/* Not collective. This rank's stripe, to be filled before tutti_node_array_publish(): elements *first, ...,
   *first + *count - 1 of the array lie at *part. *count may be 0. */
int tutti_node_array_stripe(tutti_node_array *array, void **part, int64_t *first, int64_t *count);

/* Collective. All ranks have filled their stripes; each says how it fared, as in tutti_together(). With an error
   nothing is published, and it may be called again. Afterwards all can read, and nobody can write: that would be a
   segmentation fault. One message on one node; else each stripe travels once to each other node. */
#define tutti_node_array_publish(array, status, text) \
  tutti_node_array_publish_at(array, status, text, __FILE__, __LINE__)

/* Not collective. All n elements, once they are published; at another address on each rank. */
int tutti_node_array_read(tutti_node_array *array, const void **data, int64_t *n);

/* Not collective. Frees the handle and sets it to NULL. What tutti_node_array_read() gave must not be used any more;
   the memory goes when all ranks of the node have freed theirs and have made their next collective. */
int tutti_node_array_free(tutti_node_array **array);

/* ---- what went wrong ---- */

/* The text of the last error in this thread; "" if there was none. Valid until the next error in this thread. */
const char *tutti_last_error(void);
/* The rank of the World on which it arose; -1 if it belongs to no single rank, or was an error on this rank alone. */
int tutti_last_error_rank(void);

/* The version of the library: "0.1.0". */
const char *tutti_version(void);

/* ---- what the macros call: with the place of the call, for messages; `file` is kept, or NULL ---- */

int tutti_sum_at(tutti_world *world, const char *name, int64_t n, const double *x, double *sum, const char *file,
                 int line);
int tutti_sum_float_at(tutti_world *world, const char *name, int64_t n, const float *x, double *sum, const char *file,
                       int line);
int tutti_dot_at(tutti_world *world, const char *name, int64_t n, const double *x, const double *y, double *dot,
                 const char *file, int line);
int tutti_dot_float_at(tutti_world *world, const char *name, int64_t n, const float *x, const float *y, double *dot,
                       const char *file, int line);
int tutti_sums_at(tutti_world *world, const char *name, int64_t count, int64_t n, const double *x, double *sums,
                  const char *file, int line);
int tutti_sum_elements_at(tutti_world *world, const char *name, int64_t n, double *x, const char *file, int line);
int tutti_sum_elements_float_at(tutti_world *world, const char *name, int64_t n, float *x, const char *file, int line);
int tutti_barrier_at(tutti_world *world, const char *name, const char *file, int line);
int tutti_together_at(tutti_world *world, const char *what, int status, const char *text, const char *file, int line);
int tutti_guard_begin_at(tutti_world *world, const char *what, const char *file, int line);
int tutti_guard_end_at(tutti_world *world, int status, const char *text, const char *file, int line);
int tutti_node_array_create_at(tutti_world *world, const char *name, int64_t n, int type, tutti_node_array **array,
                               const char *file, int line);
int tutti_node_array_publish_at(tutti_node_array *array, int status, const char *text, const char *file, int line);

#ifdef __cplusplus
}
#endif

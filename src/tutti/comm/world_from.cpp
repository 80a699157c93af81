#include <functional>
#include <memory>

#include <mpi.h>

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/mpi_error.hpp"

namespace tutti {

namespace {

using Kept = std::shared_ptr<comm::Context>;

// Called when the user's communicator is freed, or MPI ends: collective there, so the duplicate can go, too.
int release_kept(MPI_Comm /*communicator*/, int /*key*/, void* value, void* /*extra*/) {
  const std::unique_ptr<Kept> kept(static_cast<Kept*>(value));
  comm::Context& context = **kept;
  try {
    context.abolish();
  } catch (...) {  // MPI is C: an error has to go back as a number
    return MPI_ERR_OTHER;
  }
  return MPI_SUCCESS;
}

// MPI_Finalize deletes the attributes of MPI_COMM_SELF first of all, while communication still works; those
// of MPI_COMM_WORLD it may never delete. So what MPI_COMM_WORLD keeps is dropped from there.
int drop_from_world(MPI_Comm /*self*/, int /*key*/, void* value, void* /*extra*/) {
  const std::unique_ptr<int> key(static_cast<int*>(value));
  void* kept = nullptr;
  int found = 0;
  MPI_Comm_get_attr(MPI_COMM_WORLD, *key, &kept, &found);
  return found != 0 ? MPI_Comm_delete_attr(MPI_COMM_WORLD, *key) : MPI_SUCCESS;
}

int make_key() {
  int key = MPI_KEYVAL_INVALID;
  comm::check_mpi(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, release_kept, &key, nullptr),
                  "MPI_Comm_create_keyval");
  int at_end = MPI_KEYVAL_INVALID;
  comm::check_mpi(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, drop_from_world, &at_end, nullptr),
                  "MPI_Comm_create_keyval");
  comm::check_mpi(MPI_Comm_set_attr(MPI_COMM_SELF, at_end, std::make_unique<int>(key).release()),
                  "MPI_Comm_set_attr");
  return key;
}

// MPI itself would end the program.
void check_usable(MPI_Comm communicator) {
  int inter = 0;
  if (communicator == MPI_COMM_NULL)
    throw UsageError("the communicator is MPI_COMM_NULL; give one that this rank belongs to");
  comm::check_mpi(MPI_Comm_test_inter(communicator, &inter), "MPI_Comm_test_inter");
  if (inter != 0)
    throw UsageError("the communicator is one between two groups; merge them by MPI_Intercomm_merge");
}

void check_running() {
  int begun = 0, ended = 0;
  MPI_Initialized(&begun);
  MPI_Finalized(&ended);
  if (begun == 0 || ended != 0)
    throw UsageError(
        text("MPI is not running; make the World ", ended != 0 ? "before MPI_Finalize" : "after MPI_Init"));
}

}  // namespace

World world_from_fortran(MPI_Fint communicator) {
  check_running();
  return world_from(MPI_Comm_f2c(communicator));
}

World world_from(MPI_Comm communicator) {
  check_running();
  check_usable(communicator);
  static const int key = make_key();
  void* value = nullptr;
  int found = 0;
  comm::check_mpi(MPI_Comm_get_attr(communicator, key, static_cast<void*>(&value), &found),
                  "MPI_Comm_get_attr");
  if (found != 0) return World(*static_cast<Kept*>(value));
  MPI_Comm own = MPI_COMM_NULL;
  comm::check_mpi(MPI_Comm_dup(communicator, &own), "MPI_Comm_dup");
  auto kept = std::make_unique<Kept>(comm::Context::outermost(own, ErrorStyle::text));
  World world(*kept);
  try {
    (*kept)->start();
  } catch (...) {  // agreed on by all ranks, who may try again
    (*kept)->release();
    (*kept)->process().packets->release();
    throw;
  }
  comm::check_mpi(MPI_Comm_set_attr(communicator, key, kept.release()), "MPI_Comm_set_attr");
  return world;
}

}  // namespace tutti

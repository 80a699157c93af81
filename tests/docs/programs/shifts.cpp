#include <tutti/comm/guarded.hpp>
#include <tutti/tutti.hpp>

#include <mpi.h>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const int me = world.rank(), next = (me + 1) % world.size();
    int received = -1;
    tutti::guarded(world, "shift", [&](MPI_Comm communicator) {
      if (me == 1) throw std::runtime_error("no such atom: 17");
      return MPI_Sendrecv(&me, 1, MPI_INT, next, 0, &received, 1, MPI_INT, MPI_ANY_SOURCE, 0, communicator,
                          MPI_STATUS_IGNORE);
    });
  });
}

// A program that has MPI already, and hands its communicator over.
#include <tutti/comm/mpi.hpp>
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  const int status = tutti::run(MPI_COMM_WORLD, [](tutti::World& world) {
    const double total = tutti::sum(world, 1.0);
    world.print(tutti::text("sum = ", total, "\n"));
  });
  MPI_Finalize();
  return status;
}

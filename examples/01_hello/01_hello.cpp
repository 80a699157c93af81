// Shows: one program is started several times; each copy is a process with its own rank.
//
//   tutti run -n 4 -- ./01_hello              or, with the MPI's own launcher:   mpirun -n 4 ./01_hello
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const std::string mine = tutti::text("hello from rank ", world.rank(), " of ", world.size(), "\n");

    // If every rank printed for itself, the lines would come in any order. So rank 0 gathers the texts of all
    // ranks, in the order of the ranks, and prints them. Every rank must call gather(): it is collective.
    const std::vector<char> all = tutti::gather(world, mine, /*root=*/0);
    world.print({all.data(), all.size()});
  });
}

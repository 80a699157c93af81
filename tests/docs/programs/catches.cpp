// An error that all ranks agreed on can be caught, and the program goes on.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    try {
      world.together("read the restart file", [&] {
        if (world.rank() == 2) throw tutti::FileError("restart.npy: no such file", {"restart.npy", {}});
      });
    } catch (const tutti::FileError& error) {  // on every rank, with its data
      world.print(tutti::text(error.path(), " is missing on rank ", error.rank(), ": starting afresh\n"));
    }
  });
}

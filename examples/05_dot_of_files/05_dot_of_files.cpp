// Shows: a whole program. Two vectors come from files, each rank reads only its part of them, and the result
// has the same bits on any number of ranks. What goes wrong on one rank (a missing file, say) ends all of
// them, with one message.
//
//   python3 make_vectors.py                               makes a.npy and b.npy
//   tutti run -n 4 -- ./05_dot_of_files a.npy b.npy       or   mpirun -n 4 ./05_dot_of_files a.npy b.npy
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 3) throw tutti::UsageError("give two files: dot A.npy B.npy");
    const auto a = tutti::read_npy<double>(world, argv[1], tutti::cyclic);  // this rank's part only
    const auto b = tutti::read_npy<double>(world, argv[2], tutti::cyclic);
    world.print(tutti::text("a.b = ", tutti::dot(a, b), "\n"));  // the same bits for any number of ranks
  });
}

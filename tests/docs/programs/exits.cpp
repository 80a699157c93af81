// Rank 1 calls exit(), which ends one process and would leave the others waiting.
#include <cstdlib>

#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    if (world.rank() == 1) std::exit(3);
    tutti::barrier(world);
  });
}

// Rank 1 leaves out a collective.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    if (world.rank() != 1) tutti::barrier(world);
    world.print(tutti::text("the sum is ", tutti::sum(world, 1.0), "\n"));
  });
}

// Rank 1 works on and on while the others wait.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    volatile bool working = world.rank() == 1;
    while (working) {
    }
    tutti::barrier(world);
  });
}

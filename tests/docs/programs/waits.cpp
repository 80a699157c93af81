// Rank 1 waits for the others in the whole World; the others wait for it in a part of it.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    world.split(0, [&](tutti::World& part) { tutti::barrier(world.rank() == 1 ? world : part); });
  });
}

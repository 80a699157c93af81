// Rank 1 throws while the others wait for it in a collective.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    if (world.rank() == 1) throw std::out_of_range("no such atom: 17");
    world.print(tutti::text("the sum is ", tutti::sum(world, 1.0), "\n"));
  });
}

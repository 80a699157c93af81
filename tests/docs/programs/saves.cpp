#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    try {
      for (;;) tutti::sum(world, 1.0);          // the work
    } catch (const tutti::InterruptedError&) {  // on every rank
      world.print("saving what there is\n");
      throw;  // and end
    }
  });
}

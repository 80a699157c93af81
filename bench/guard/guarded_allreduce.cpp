// The same with tutti: guarded, watched, and (second line) exact.
#include <tutti/tutti.hpp>

#include "batches.hpp"

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    volatile double result = 0;
    measure("guarded sum, rounded", world.rank(), [&] { result = tutti::sum(world, 1.0, tutti::rounded); });
    measure("guarded sum, exact", world.rank(), [&] { result = tutti::sum(world, 1.0); });
    measure("guarded min", world.rank(), [&] { result = tutti::min(world, 1.0); });
    measure("barrier", world.rank(), [&] { tutti::barrier(world); });
  });
}

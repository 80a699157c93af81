#include <cmath>

#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::WorkQueue rows(world, 2000, "rows");
    tutti::ExactAccumulator total;
    tutti::Index mine = 0;
    rows.for_each([&](tutti::Index i) {  // row i costs i + 1 square roots
      ++mine;
      for (tutti::Index j = 0; j <= i; ++j) total += 1 / std::sqrt(static_cast<double>(1 + i * j));
    });
    world.print(tutti::text("rows ", tutti::sum(world, mine), ", total ", tutti::sum(world, total), "\n"));
  });
}

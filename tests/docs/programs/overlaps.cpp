#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::DistVector<double> x(world, 1000, tutti::cyclic, "x");
    x.fill([](tutti::Index i) { return 0.1 * static_cast<double>(i); });
    tutti::Pending<double> square = tutti::idot(x, x);  // begins
    for (double& value : x.local()) value *= 2;         // goes on meanwhile
    world.print(tutti::text(square.get(), "\n"));       // waits, if it must

    if (world.rank() == 1) return;  // a mistake
    tutti::isum(world, 1.0).get();
  });
}

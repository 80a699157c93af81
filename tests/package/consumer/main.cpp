// A program of a user: the dot product of two vectors, one of them 1, 2, 3, ..., divided cyclically.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::DistVector<double> a(world, 1000, tutti::cyclic, "a");
    tutti::DistVector<double> b(world, 1000, tutti::cyclic, "b");
    a.fill([](tutti::Index i) { return static_cast<double>(i + 1); });
    b.fill([](tutti::Index) { return 0.5; });
    const double product = tutti::dot(a, b);
    world.print(tutti::text("dot = ", product, " on ", world.size(), " ranks\n"));
  });
}

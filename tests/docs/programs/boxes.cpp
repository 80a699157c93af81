#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::DistArray<double, 2> u(world, {4, 6}, "u");
    u.fill([](tutti::Index i, tutti::Index j) { return static_cast<double>(10 * i + j); });
    for (int rank = 0; rank < world.size(); ++rank) {
      const tutti::Box<2> box = u.distribution().box(rank);
      world.print(tutti::text("rank ", rank, ": rows ", box.first[0], " to ", box.end(0) - 1, ", columns ",
                              box.first[1], " to ", box.end(1) - 1, "\n"));
    }
    const auto largest = tutti::max(u);  // its index is the place in C order: 6 i + j
    world.print(tutti::text("sum ", tutti::sum(u), ", largest ", largest.value, " at ", largest.index, "\n"));
  });
}

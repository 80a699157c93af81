#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::NodeShared<double> coordinates(world, 3'000'000, "coordinates");  // every node all of them, once
    coordinates.publish([](std::span<double> part, tutti::Index first) {     // every rank fills its stripe
      for (double& x : part) x = 1.0 / static_cast<double>(++first);
    });
    const std::span<const double> r = coordinates.view();  // all 3 000 000, read-only, on every rank
    world.print(tutti::text("first ", r.front(), ", last ", r.back(), "\n"));
  });
}

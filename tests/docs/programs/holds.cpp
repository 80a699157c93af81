#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::Replicated<double> coordinates(world, 3'000'000, "coordinates");  // every rank all of them
    tutti::DistVector<double> charges(world, 4'000'000, "charges");          // every rank its part
    charges.fill([](tutti::Index i) { return 1.0 / static_cast<double>(i + 1); });
    coordinates.publish([](std::span<double> all, tutti::Index) { std::fill(all.begin(), all.end(), 0.5); });
    world.print(tutti::text("sum of charges ", tutti::sum(charges), "\n"));
  });
}

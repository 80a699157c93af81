// docs/verify.md: a program that is linked with tutti.
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    tutti::DistVector<double> charges(world, 100'000, "charges");
    charges.fill([](tutti::Index i) { return 1.0 / static_cast<double>(i + 1); });
    const double total = tutti::sum(charges);
    const double squares = tutti::dot(charges, charges, tutti::rounded);  // the ordinary sum
    world.print(
        tutti::text("total charge ", total, "\npotential ", total > 10 * squares ? "low" : "high", "\n"));
  });
}

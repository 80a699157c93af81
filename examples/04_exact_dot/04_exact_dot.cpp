// Shows: the cure is one word. `double partial` of the example before becomes `ExactAccumulator partial`,
// which adds without rounding; only the end result is rounded, once. So it does not matter who adds what: the
// output is the same on any number of ranks. (The loop still rounds each product. add_product() does not:
// then the result is the exact dot product, rounded once.)
//
//   tutti run -n 1 -- ./04_exact_dot          or   mpirun -n 1 ./04_exact_dot
//   tutti run -n 4 -- ./04_exact_dot
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const tutti::Index n = 100000;
    const tutti::Random random(7);
    const auto a = [&](tutti::Index i) { return random.uniform(i, 0) - 0.5; };
    const auto b = [&](tutti::Index i) { return random.uniform(i, 1) - 0.5; };

    tutti::ExactAccumulator partial{};
    for (tutti::Index i = world.rank(); i < n; i += world.size()) partial += a(i) * b(i);
    const double of_rounded_products = tutti::sum(world, partial);

    tutti::ExactAccumulator exact{};
    for (tutti::Index i = world.rank(); i < n; i += world.size()) exact.add_product(a(i), b(i));
    const double dot = tutti::sum(world, exact);

    world.print(tutti::text("sum of rounded products = ", of_rounded_products, " = ",
                            tutti::hexfloat(of_rounded_products), "\n"));
    world.print(tutti::text("exact dot product       = ", dot, " = ", tutti::hexfloat(dot), "\n"));
  });
}

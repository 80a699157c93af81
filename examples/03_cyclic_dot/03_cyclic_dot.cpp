// Shows: work divided by hand. Rank r takes the elements r, r + size, r + 2 size, ... (a cyclic
// distribution), and the partial sums are added up in the end. And its flaw: the last digits depend on the
// number of ranks, because every addition is rounded, and which numbers meet in an addition depends on who
// adds.
//
//   tutti run -n 1 -- ./03_cyclic_dot         or   mpirun -n 1 ./03_cyclic_dot
//   tutti run -n 4 -- ./03_cyclic_dot
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const tutti::Index n = 100000;
    const tutti::Random random(7);
    const auto a = [&](tutti::Index i) { return random.uniform(i, 0) - 0.5; };
    const auto b = [&](tutti::Index i) { return random.uniform(i, 1) - 0.5; };

    double partial{};
    tutti::Index products = 0;
    for (tutti::Index i = world.rank(); i < n; i += world.size()) {  // divide
      partial += a(i) * b(i);
      ++products;
    }
    const double dot = tutti::sum(world, partial);  // stitch together

    const std::string mine = tutti::text("rank ", world.rank(), ": ", products, " products\n");
    const std::vector<char> all = tutti::gather(world, mine, 0);
    world.print({all.data(), all.size()});
    world.print(tutti::text("a.b = ", dot, " = ", tutti::hexfloat(dot), "\n"));  // hexfloat shows every bit
  });
}

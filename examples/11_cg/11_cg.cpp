// Shows: a solver whose every digit is the same on any number of ranks. Conjugate gradients find where a
// stretched membrane in three dimensions comes to rest under a load: ranks hold boxes of a grid of points,
// exchange the faces of their boxes before each step, and add up two products. The faces are copies of what
// the neighbours have, so only the products could differ. They are exact: the residuals, printed with all
// their bits, are the same on 1 rank and on 7, under any MPI. With --rounded they are the ordinary products
// of all other solvers, and from some step on the residuals depend on the number of ranks.
//
//   tutti run -n 1 -- ./11_cg                 or   mpirun -n 1 ./11_cg
//   tutti run -n 4 -- ./11_cg
//   tutti run -n 4 -- ./11_cg --rounded       compare with: tutti run -n 1 -- ./11_cg --rounded
#include <cstring>

#include <tutti/tutti.hpp>

#include "conjugate_gradients.hpp"

namespace {

template <class... Tag>
void solve(const tutti::World& world, Tag... tag) {
  cg::Field load(world, {24, 20, 16}, "load"), x(world, load.distribution(), "x");
  load.fill([](tutti::Index i, tutti::Index j, tutti::Index k) {
    return 1 / static_cast<double>(1 + (7 * i + 5 * j + 3 * k) % 11);
  });
  cg::ConjugateGradients solver(load, x, tag...);
  const double first = solver.residual();
  for (int step = 0;; ++step) {
    const double residual = solver.residual();
    world.print(tutti::text("step ", step, ": ", residual, " = ", tutti::hexfloat(residual), "\n"));
    if (residual <= 1e-10 * first) break;
    solver.step();
  }
  const auto deepest = tutti::max(x);
  world.print(tutti::text("deepest ", deepest.value, " at ", deepest.index, ", sum ", tutti::sum(x), "\n"));
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc == 1)
      solve(world);
    else if (argc == 2 && std::strcmp(argv[1], "--rounded") == 0)
      solve(world, tutti::rounded);
    else
      throw tutti::UsageError("11_cg [--rounded]");
  });
}

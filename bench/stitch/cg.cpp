// Conjugate gradients of example 11 with exact products, in turn with ordinary ones.
//
//   bench_cg EXTENT STEPS REPEATS      (EXTENT^3 doubles; any number of ranks)
//
// One line of JSON: seconds of one step, the slowest rank's, of each repeat of so many steps, and the last
// residuals of both.
#include <vector>

#include <tutti/tutti.hpp>

#include <mpi.h>

#include "../../examples/11_cg/conjugate_gradients.hpp"
#include "positive.hpp"
#include "timing.hpp"

namespace {

constexpr const char* usage = "bench_cg EXTENT STEPS REPEATS";

template <class Solver>
double seconds_of_step(Solver& solver, int steps) {
  return bench::seconds([&] {
           for (int step = 0; step < steps; ++step) solver.step();
         }) /
         steps;
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 4) throw tutti::UsageError(usage);
    const int extent = bench::positive(argv[1], usage), steps = bench::positive(argv[2], usage),
              repeats = bench::positive(argv[3], usage);
    cg::Field load(world, {extent, extent, extent}, "load"), x(world, load.distribution(), "x"),
        y(world, load.distribution(), "y");
    load.fill([](tutti::Index i, tutti::Index j, tutti::Index k) {
      return 1 / static_cast<double>(1 + (7 * i + 5 * j + 3 * k) % 11);
    });
    cg::ConjugateGradients exact(load, x);
    cg::ConjugateGradients rounded(load, y, tutti::rounded);
    std::vector<double> of_exact, of_rounded;
    exact.step();
    rounded.step();
    for (int repeat = 0; repeat < repeats; ++repeat) {
      of_exact.push_back(seconds_of_step(exact, steps));
      of_rounded.push_back(seconds_of_step(rounded, steps));
    }
    world.print(tutti::text(
        "{\"ranks\": ", world.size(), ", \"extent\": ", extent, ", \"exact\": ", bench::list(of_exact),
        ", \"rounded\": ", bench::list(of_rounded), ", \"residual\": \"", tutti::hexfloat(exact.residual()),
        "\", \"rounded_residual\": \"", tutti::hexfloat(rounded.residual()), "\"}\n"));
  });
}

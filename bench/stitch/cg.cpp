// Conjugate gradients of example 11 with exact products, in turn with ordinary ones.
//
//   bench_cg EXTENT STEPS REPEATS      (EXTENT^3 doubles; any number of ranks)
//
// One line of JSON: seconds of one step, the slowest rank's, of each repeat of so many steps, and the last
// residuals of both.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <tutti/tutti.hpp>

#include <mpi.h>

#include "../../examples/11_cg/conjugate_gradients.hpp"

namespace {

template <class Solver>
double seconds_of_step(Solver& solver, int steps) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  for (int step = 0; step < steps; ++step) solver.step();
  double mine = (MPI_Wtime() - start) / steps, slowest = 0;
  MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return slowest;
}

std::string json(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) out += tutti::text(out.empty() ? "[" : ", ", value);
  return out + "]";
}

int number(const char* word) {
  int value = 0;
  const char* const end = word + std::strlen(word);
  if (std::from_chars(word, end, value).ptr != end || value <= 0)
    throw tutti::UsageError("bench_cg EXTENT STEPS REPEATS");
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 4) throw tutti::UsageError("bench_cg EXTENT STEPS REPEATS");
    const int extent = number(argv[1]), steps = number(argv[2]), repeats = number(argv[3]);
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
    world.print(tutti::text("{\"ranks\": ", world.size(), ", \"extent\": ", extent,
                            ", \"exact\": ", json(of_exact), ", \"rounded\": ", json(of_rounded),
                            ", \"residual\": \"", tutti::hexfloat(exact.residual()),
                            "\", \"rounded_residual\": \"", tutti::hexfloat(rounded.residual()), "\"}\n"));
  });
}

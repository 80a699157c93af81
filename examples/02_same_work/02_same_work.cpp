// Shows: a program that does not ask for its rank does the same work on every rank. Nothing is gained: the
// ranks only keep each other company, and the two vectors lie in memory once for each of them.
//
//   tutti run -n 4 -- ./02_same_work          or   mpirun -n 4 ./02_same_work
#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const std::size_t n = 100000;
    const tutti::Random random(7);  // element i depends on i only, so all ranks fill in the same numbers
    std::vector<double> a(n), b(n);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = random.uniform(static_cast<tutti::Index>(i), 0) - 0.5;
      b[i] = random.uniform(static_cast<tutti::Index>(i), 1) - 0.5;
    }

    // The dot product as one writes it for one process.
    double dot = 0;
    std::size_t products = 0;
    for (std::size_t i = 0; i < n; ++i) {
      dot += a[i] * b[i];
      ++products;
    }

    const std::string mine =
        tutti::text("rank ", world.rank(), ": ", products, " products, a.b = ", dot, "\n");
    const std::vector<char> all = tutti::gather(world, mine, 0);
    world.print({all.data(), all.size()});
  });
}

// The same with tutti: guarded and watched; of 8 bytes also exact. Of many doubles, the program's own
// MPI_Allreduce in a guarded section.
#include <tutti/comm/guarded.hpp>
#include <tutti/tutti.hpp>

#include "batches.hpp"

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    volatile double result = 0;
    measure("guarded sum, rounded", world.rank(), [&] { result = tutti::sum(world, 1.0, tutti::rounded); });
    measure("guarded sum, exact", world.rank(), [&] { result = tutti::sum(world, 1.0); });
    measure("guarded min", world.rank(), [&] { result = tutti::min(world, 1.0); });
    measure("barrier", world.rank(), [&] { tutti::barrier(world); });
    for (const Length& length : lengths) {
      std::vector<double> mine(length.doubles, 1), sums(length.doubles);
      const std::string name = tutti::text("guarded section, ", length.name);
      measure(name.c_str(), world.rank(), length.calls, [&] {
        tutti::guarded(world, "sums", [&](MPI_Comm ranks) {
          return MPI_Allreduce(mine.data(), sums.data(), static_cast<int>(length.doubles), MPI_DOUBLE,
                               MPI_SUM, ranks);
        });
      });
      result = sums[0];
    }
  });
}

// A job that holds one array of each kind, touches all of it, and prints what the system says of its memory.
//     mpirun -n 4 bench_three_arrays DISTRIBUTED SHARED REPLICATED     numbers of float64
#include <cstdlib>
#include <numeric>

#include "tutti/tutti.hpp"

namespace {

tutti::Index elements(const char* word) {
  const auto parsed = tutti::forecast::parse_elements(word);
  if (!parsed) throw tutti::UsageError(tutti::text(word, ": no number of elements; give one as 3000000"));
  return *parsed;
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 4) throw tutti::UsageError("three_arrays DISTRIBUTED SHARED REPLICATED");
    tutti::DistVector<double> divided(world, elements(argv[1]), tutti::cyclic, "divided");
    divided.fill([](tutti::Index i) { return 1.0 / static_cast<double>(i + 1); });
    tutti::NodeShared<double> shared(world, elements(argv[2]), "shared");
    shared.publish([](std::span<double> part, tutti::Index first) {
      std::iota(part.begin(), part.end(), static_cast<double>(first));
    });
    tutti::Replicated<double> copied(world, elements(argv[3]), "copied");
    std::iota(copied.local().begin(), copied.local().end(), 0.0);
    // Every rank reads all that it sees; a job computes and communicates, too.
    const auto all = shared.view();
    const double sum = std::accumulate(all.begin(), all.end(), 0.0) +
                       std::accumulate(copied.local().begin(), copied.local().end(), 0.0);
    if (!(sum >= 0) || !(tutti::dot(divided, divided) >= 0)) throw tutti::InternalError("three_arrays: sums");
    tutti::barrier(world);
    world.print(tutti::memory_report(world).json());
    tutti::barrier(world);
  });
}

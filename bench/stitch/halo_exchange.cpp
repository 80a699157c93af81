// A halo exchange of tutti, in turn with what a program without it would write.
//
//   bench_halo_exchange EXTENT REPEATS      (EXTENT^3 doubles, one layer of ghosts; any number of ranks)
//
// One line of JSON for each kind of ends, once for exchanges one after another, whose faces stay in the
// caches, and once for exchanges after a sweep over other memory, as in a solver: for each way,
// the seconds of one exchange, the slowest rank's, of each repeat.
#include <algorithm>
#include <vector>

#include <tutti/tutti.hpp>

#include <mpi.h>

#include "plain_halo.hpp"
#include "positive.hpp"
#include "timing.hpp"

namespace {

using tutti::Index;

constexpr const char* usage = "bench_halo_exchange EXTENT REPEATS";

/// Seconds of one call of f among many, the slowest rank's.
template <class F>
double seconds_in_a_row(const F& f) {
  constexpr int calls = 200;
  f();
  return bench::seconds([&] {
           for (int i = 0; i < calls; ++i) f();
         }) /
         calls;
}

/// The median of calls each of which comes after sweep().
template <class F, class Sweep>
double seconds_after(const Sweep& sweep, const F& f) {
  std::vector<double> all(9);
  for (double& each : all) {
    sweep();
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    f();
    each = MPI_Wtime() - start;
  }
  std::sort(all.begin(), all.end());
  return bench::largest(all[all.size() / 2]);
}

// What came is what was sent: the sum of the indices.
void check(const tutti::HaloArray<double, 3>& u) {
  const Index n = u.shape()[0];
  for (const Index i : {Index{-1}, u.box().extent[0]}) {
    const Index plane = i + u.box().first[0];
    const bool ghost = u.halo().ends[0] == tutti::Ends::periodic || (plane >= 0 && plane < n);
    if (ghost && u.with_ghosts()(i, 3, 5) != static_cast<double>((plane + n) % n + 8))
      throw tutti::InternalError("wrong ghosts");
  }
}

void compare(const tutti::World& world, int extent, int repeats, tutti::Ends ends) {
  const bool ring = ends == tutti::Ends::periodic;
  const tutti::ProcessGrid<3> slabs({world.size(), 1, 1});
  tutti::HaloArray<double, 3> ours(world, {extent, extent, extent}, slabs,
                                   {{1, 1, 1}, {ends, tutti::Ends::open, tutti::Ends::open}}, "ours");
  bench::PlainHalo plain(static_cast<int>(ours.box().extent[0]), extent, extent, ring);
  ours.fill([](Index i, Index j, Index k) { return static_cast<double>(i + j + k); });
  const auto of_each = [&](const char* when, const auto& measure) {
    std::vector<double> of_ours, in_place, by_types, by_packing;
    for (int repeat = 0; repeat < repeats; ++repeat) {
      of_ours.push_back(measure([&] { ours.exchange(); }));
      in_place.push_back(measure([&] { plain.in_place(); }));
      by_types.push_back(measure([&] { plain.by_types(); }));
      by_packing.push_back(measure([&] { plain.by_packing(); }));
    }
    world.print(tutti::text("{\"ends\": \"", ring ? "periodic" : "open", "\", \"when\": \"", when,
                            "\", \"ranks\": ", world.size(), ", \"extent\": ", extent,
                            ", \"tutti\": ", bench::list(of_ours), ", \"in_place\": ", bench::list(in_place),
                            ", \"derived_types\": ", bench::list(by_types),
                            ", \"packing\": ", bench::list(by_packing), "}\n"));
  };
  // More than the caches hold, where the array is; a small one is there to see that it works.
  constexpr Index most = Index{1} << 23U;  // doubles: 64 MiB
  std::vector<double> other_memory(static_cast<std::size_t>(std::min(most, ours.size())));
  const auto sweep = [&] {
    for (double& value : other_memory) value += 1;
  };
  of_each("in a row", [](const auto& f) { return seconds_in_a_row(f); });
  of_each("after a sweep", [&](const auto& f) { return seconds_after(sweep, f); });
  check(ours);
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 3) throw tutti::UsageError(usage);
    const int extent = bench::positive(argv[1], usage), repeats = bench::positive(argv[2], usage);
    if (extent < world.size())
      throw tutti::UsageError(tutti::text("EXTENT ", extent, ": give one plane or more for each rank"));
    for (const tutti::Ends ends : {tutti::Ends::open, tutti::Ends::periodic})
      compare(world, extent, repeats, ends);
  });
}

// A rank fails, stops, or moves something else, while the others move the elements of vectors.
#include <csignal>

#include <mpi.h>

#include "tutti/array/gather_scatter.hpp"
#include "tutti/array/get.hpp"
#include "tutti/array/redistribution.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/array/scans.hpp"
#include "tutti/comm/collectives.hpp"

#include "fault.hpp"

namespace {
int sends_until_stop = -1;  // negative: it never stops
}

// This program's own MPI_Isend stands before MPI's: a rank can be stopped while elements are under way.
extern "C" int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag,
                         MPI_Comm communicator, MPI_Request* request) {
  if (sends_until_stop >= 0 && sends_until_stop-- == 0) std::raise(SIGSTOP);
  return PMPI_Isend(data, count, type, to, tag, communicator, request);
}

namespace tutti::faults {

namespace {

void move_around(const World& world, const Layout& layout = block) {
  DistVector<double> x(world, 300007, cyclic, "x");
  x.fill([](Index i) { return static_cast<double>(i % 1000); });
  const DistVector<double> y = redistribute(x, layout);
  const Index last = x.size() - 1;
  if (dot(y, y) != dot(x, x) || get(y, std::vector{last})[0] != static_cast<double>(last % 1000) ||
      all_gather(exclusive_scan(y)).back() != sum(x) - static_cast<double>(last % 1000))
    throw InternalError("the elements are wrong");
}

template <class Deed>
int doing(const Scene& scene, const Deed& deed) {
  move_around(scene.world);
  if (scene.me()) deed();
  move_around(scene.world);
  return 0;
}

int none(const Scene& scene) {
  return doing(scene, [] {});
}
int throw_instead(const Scene& scene) {
  return doing(scene, [] {
    throw FormatError("b.npy: cut after 100 bytes; copy it again", {"b.npy", {100, 0}});
  });
}
int stop_under_way(const Scene& scene) {
  return doing(scene, [] { sends_until_stop = 3; });
}
int other_layout(const Scene& scene) {
  move_around(scene.world, scene.me() ? block_cyclic(7) : block);
  return 0;
}
int gather_instead(const Scene& scene) {
  const DistVector<double> x(scene.world, 1000, cyclic, "x");
  DistVector<double> y(scene.world, 1000, block, "y");
  const RedistributionPlan plan(x.distribution(), y.distribution());
  if (scene.me())
    all_gather(x);
  else
    plan.apply(x, y);
  return 0;
}
int bad_index(const Scene& scene) {
  const DistVector<double> x(scene.world, 1000, cyclic, "x");
  get(x, std::vector<Index>{0, scene.me() ? 1000 : 999});
  return 0;
}

constexpr Fault faults[] = {{"move-none", none},
                            {"move-throw", throw_instead},
                            {"move-stop", stop_under_way},
                            {"move-other-layout", other_layout},
                            {"move-gather-instead", gather_instead},
                            {"move-bad-index", bad_index}};

}  // namespace

std::span<const Fault> moving_faults() { return faults; }

}  // namespace tutti::faults

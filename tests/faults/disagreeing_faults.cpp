// The ranks make different calls: what plain MPI answers with a hang, or with wrong numbers.
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

int skip(const Scene& scene) {
  work(scene.world);
  if (!scene.me()) sum(scene.world, 1.0);
  barrier(scene.world);
  return 0;
}

int skip_last(const Scene& scene) {
  work(scene.world);
  if (!scene.me()) sum(scene.world, 1.0);
  return 0;
}

int return_early(const Scene& scene) {
  work(scene.world);
  if (scene.me()) return 0;
  work(scene.world);
  return 0;
}

int return_early_with_status(const Scene& scene) {
  work(scene.world);
  if (scene.me()) return 3;
  work(scene.world);
  return 0;
}

int operation(const Scene& scene) {
  work(scene.world);
  if (scene.me())
    min(scene.world, 1.0);
  else
    max(scene.world, 1.0);
  return 0;
}

int type(const Scene& scene) {
  work(scene.world);
  if (scene.me())
    min(scene.world, 1.0F);
  else
    min(scene.world, 1.0);
  return 0;
}

int count(const Scene& scene) {
  work(scene.world);
  std::vector<int> values(scene.me() ? 11U : 10U);
  broadcast(scene.world, values, 0);
  return 0;
}

int root(const Scene& scene) {
  work(scene.world);
  broadcast(scene.world, 1.0, scene.me() ? 1 : 0);
  return 0;
}

int layout(const Scene& scene) {
  work(scene.world);
  const DistVector<double> vector(scene.world, 100, scene.me() ? Layout(cyclic) : Layout(block), "x");
  return sum(vector) == 0 ? 0 : 1;
}

int length(const Scene& scene) {
  work(scene.world);
  const DistVector<double> vector(scene.world, scene.me() ? 101 : 100, block, "x");
  return sum(vector) == 0 ? 0 : 1;
}

int skip_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    if (!scene.me()) barrier(sub);
    sum(sub, 1.0);
  });
  return 0;
}

int skip_end_of_sub(const Scene& scene) {
  scene.world.split(0, [&](World& sub) {
    work(sub);
    if (!scene.me()) barrier(sub);
  });
  return 0;
}

int outer_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    work(sub);
    if (scene.me()) barrier(scene.world);
  });
  return 0;
}

int skip_split(const Scene& scene) {
  if (scene.me())
    work(scene.world);
  else
    scene.world.split(scene.colour(), [](World& sub) { work(sub); });
  return 0;
}

int skip_in_together(const Scene& scene) {
  scene.world.together("count rows", [&] {
    if (!scene.me()) barrier(scene.world);
  });
  return 0;
}

// Legal, unless TUTTI_STRICT is set.
int sites(const Scene& scene) {
  work(scene.world);
  if (scene.me())
    barrier(scene.world);
  else
    barrier(scene.world);
  return 0;
}

constexpr Fault faults[] = {{"skip", skip},
                            {"skip-last", skip_last},
                            {"return-early", return_early},
                            {"return-early-status", return_early_with_status},
                            {"other-operation", operation},
                            {"other-type", type},
                            {"other-count", count},
                            {"other-root", root},
                            {"other-layout", layout},
                            {"other-length", length},
                            {"skip-in-sub", skip_in_sub},
                            {"skip-end-of-sub", skip_end_of_sub},
                            {"outer-in-sub", outer_in_sub},
                            {"skip-split", skip_split},
                            {"skip-in-together", skip_in_together},
                            {"other-site", sites}};

}  // namespace

std::span<const Fault> disagreeing_faults() { return faults; }

}  // namespace tutti::faults

// Memory that cannot be had: over a budget, over what the machine has, on one rank or on all.
#include "tutti/array/dist_vector.hpp"
#include "tutti/array/gather_scatter.hpp"
#include "tutti/memory/buffer.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

// 1 GiB, of which no page is ever touched.
constexpr Index gibibyte = Index{1} << 27U;

int over_budget(const Scene& scene) {
  const DistVector<double> small(scene.world, 1000, "small");
  const DistVector<double> forces(scene.world, gibibyte, "forces");
  work(scene.world);
  return 0;
}

// Refused, caught by all, and made smaller.
int within_budget(const Scene& scene) {
  try {
    const DistVector<double> forces(scene.world, gibibyte, "forces");
    throw InternalError("the budget was not kept");
  } catch (const BudgetError&) {
  }
  const DistVector<double> forces(scene.world, 1000, "forces");
  work(scene.world);
  return 0;
}

int buffer_over_budget(const Scene& scene) {
  scene.world.together("sort", [&] {
    if (scene.me()) const memory::Buffer<double> keys(gibibyte, "keys to sort", scene.world.ledger());
  });
  work(scene.world);
  return 0;
}

// A part on each rank fits, a copy on each does not.
int all_gather_over_budget(const Scene& scene) {
  const DistVector<double> forces(scene.world, 3 * gibibyte / 8, "forces");
  if (all_gather(forces).empty()) throw InternalError("nothing was gathered");
  work(scene.world);
  return 0;
}

int over_machine(const Scene& scene) {
  const DistVector<double> forces(scene.world, Index{1} << 48U, "forces");
  work(scene.world);
  return 0;
}

constexpr Fault faults[] = {{"over-budget", over_budget},
                            {"within-budget", within_budget},
                            {"buffer-over-budget", buffer_over_budget},
                            {"all-gather-over-budget", all_gather_over_budget},
                            {"over-machine", over_machine}};

}  // namespace

std::span<const Fault> memory_faults() { return faults; }

}  // namespace tutti::faults

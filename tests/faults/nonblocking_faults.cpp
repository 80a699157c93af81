// A rank fails, leaves or does something else, while the others wait for nonblocking operations.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "tutti/array/nonblocking.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/nonblocking.hpp"
#include "tutti/comm/reductions.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

[[noreturn]] void cut() {
  throw FormatError("b.npy: cut after 100 bytes; copy it again", {"b.npy", {100, 0}});
}

// Nonblocking operations of each kind, fetched in another order than they were begun in.
void overlap(const World& world) {
  DistVector<double> x(world, 1000, cyclic, "x");
  x.fill([](Index i) { return static_cast<double>(i); });
  Pending<double> square = idot(x, x);
  Pending<std::vector<int>> values = ibroadcast(world, std::vector<int>(2000, world.rank()), 0);
  Pending<double> count = isum(world, 1.0);
  if (count.get() != world.size()) throw InternalError("the sum is wrong");
  barrier(world);
  if (square.get() != 332833500) throw InternalError("the dot product is wrong");
  if (values.get() != std::vector<int>(2000, 0)) throw InternalError("the broadcast is wrong");
}

// The guilty rank does its deed where the others wait for a sum.
template <class Deed>
int while_waiting(const Scene& scene, const World& world, const Deed& deed) {
  overlap(world);
  if (scene.me()) deed();
  isum(world, 1.0).get();
  overlap(world);
  return 0;
}

int none(const Scene& scene) {
  for (int i = 0; i < 10; ++i) overlap(scene.world);
  return 0;
}

int throw_first(const Scene& scene) {
  if (scene.me()) cut();
  overlap(scene.world);
  return 0;
}

int throw_instead(const Scene& scene) { return while_waiting(scene, scene.world, cut); }

int throw_between(const Scene& scene) {
  overlap(scene.world);
  Pending<double> first = isum(scene.world, 1.0);
  if (scene.me()) cut();
  first.get();
  isum(scene.world, 2.0).get();
  return 0;
}

// What the others have begun would write to memory of theirs, which the exception takes from them.
int throw_under_way(const Scene& scene) {
  overlap(scene.world);
  std::vector<Pending<std::vector<double>>> pending;
  for (int i = 0; i < 20; ++i) {
    if (scene.me() && i == 10) cut();
    pending.push_back(ibroadcast(scene.world, std::vector<double>(100000, i), scene.guilty));
  }
  for (auto& values : pending) values.get();
  return 0;
}

int throw_while_testing(const Scene& scene) {
  overlap(scene.world);
  if (scene.me()) cut();
  Pending<double> pending = isum(scene.world, 1.0);
  while (!pending.test()) {
  }
  return 0;
}

int throw_while_summing(const Scene& scene) {
  overlap(scene.world);
  Pending<double> first = isum(scene.world, 1.0);
  if (scene.me()) cut();
  if (scene.world.rank() % 2 == 0) isum(scene.world, 1.0).get();  // in different places
  barrier(scene.world);
  return 0;
}

int throw_in_idot(const Scene& scene) {
  overlap(scene.world);
  const DistVector<double> x(scene.world, 100, block, "x"), y(scene.world, 101, block, "y");
  (scene.me() ? idot(x, y) : idot(x, x)).get();
  return 0;
}

int in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) { while_waiting(scene, sub, cut); });
  return 0;
}

int outer_in_sub(const Scene& scene) {
  overlap(scene.world);
  scene.world.split(scene.colour(), [&](World& sub) {
    Pending<double> inner = isum(sub, 1.0);
    if (scene.me()) cut();
    isum(scene.world, 1.0).get();
    inner.get();
  });
  return 0;
}

// A rank waits for the World that is split, and a peer of its colour, who waits for nobody but that rank, in
// the sub-world: it must be heard by both that the guilty rank has left.
int peers_wait_for_each_other(const Scene& scene) {
  overlap(scene.world);
  scene.world.split(scene.colour(), [&](World& sub) {
    for (int i = 0; i < 3; ++i) barrier(sub);
    if (scene.me()) cut();
    Pending<double> pending = isum(scene.world, 1.0);
    if (sub.rank() != 0) barrier(sub);
    pending.get();
    if (sub.rank() == 0) barrier(sub);
  });
  return 0;
}

// The same with the sub-world's own nonblocking operations.
int peers_wait_in_both(const Scene& scene) {
  overlap(scene.world);
  scene.world.split(scene.colour(), [&](World& sub) {
    overlap(sub);
    if (scene.me()) cut();
    Pending<double> outer = isum(scene.world, 1.0);
    if (sub.rank() != 0) isum(sub, 1.0).get();
    outer.get();
    if (sub.rank() == 0) isum(sub, 1.0).get();
  });
  return 0;
}

int in_grid(const Scene& scene) {
  overlap(scene.world);
  scene.world.split(scene.world.rank() / 2, [&](World& rows) {
    scene.world.split(scene.colour(), [&](World& columns) {
      Pending<double> row = isum(rows, 1.0), column = isum(columns, 1.0);
      if (scene.me()) cut();
      isum(rows, 1.0).get();
      isum(columns, 1.0).get();
      isum(scene.world, 1.0).get();
    });
  });
  return 0;
}

int in_together(const Scene& scene) {
  scene.world.together("overlap", [&] { while_waiting(scene, scene.world, cut); });
  return 0;
}

int in_another_world(const Scene& scene) {
  World other = world_from(MPI_COMM_WORLD);
  overlap(scene.world);
  other.together("overlap", [&] { while_waiting(scene, other, cut); });
  return 0;
}

int caught_by_all(const Scene& scene) {
  for (int round = 0; round < 5; ++round) {
    int caught = 0;
    try {
      scene.world.together("overlap", [&] { while_waiting(scene, scene.world, cut); });
    } catch (const FormatError&) {
      ++caught;
    }
    overlap(scene.world);
    if (scene.world.size() > 1) try {
        if (scene.me())
          barrier(scene.world);
        else
          isum(scene.world, 1.0).get();
      } catch (const MismatchError&) {
        ++caught;
      }
    overlap(scene.world);
    if (caught != (scene.world.size() > 1 ? 2 : 1)) throw InternalError("an error was lost");
  }
  return 0;
}

int other_operation(const Scene& scene) {
  overlap(scene.world);
  if (scene.me())
    ibroadcast(scene.world, std::vector<int>(3), 0).get();
  else
    isum(scene.world, 1.0).get();
  return 0;
}

int other_count(const Scene& scene) {
  overlap(scene.world);
  ibroadcast(scene.world, std::vector<int>(scene.me() ? 3000 : 3001), 0).get();
  return 0;
}

int other_root(const Scene& scene) {
  overlap(scene.world);
  ibroadcast(scene.world, std::vector<int>(3000), scene.me() ? 1 : 0).get();
  return 0;
}

int other_operation_unfetched(const Scene& scene) {
  overlap(scene.world);
  if (scene.me())
    ibroadcast(scene.world, std::vector<int>(3), 0);
  else
    isum(scene.world, 1.0);
  return 0;
}

int barrier_instead(const Scene& scene) {
  overlap(scene.world);
  if (scene.me())
    barrier(scene.world);
  else
    isum(scene.world, 1.0).get();
  return 0;
}

int end_instead(const Scene& scene) {
  overlap(scene.world);
  if (!scene.me()) isum(scene.world, 1.0).get();
  return 0;
}

int one_fewer(const Scene& scene) {
  overlap(scene.world);
  std::vector<Pending<double>> pending;
  for (int i = 0; i < (scene.me() ? 4 : 5); ++i) pending.push_back(isum(scene.world, 1.0));
  for (auto& sum : pending) sum.get();
  barrier(scene.world);
  return 0;
}

int one_fewer_unfetched(const Scene& scene) {
  overlap(scene.world);
  if (!scene.me()) isum(scene.world, 1.0);
  return 0;
}

int other_order(const Scene& scene) {
  overlap(scene.world);
  if (scene.me()) sum(scene.world, 1.0);
  Pending<double> pending = isum(scene.world, 1.0);
  if (!scene.me()) sum(scene.world, 1.0);
  pending.get();
  return 0;
}

int stop(const Scene& scene) {
  return while_waiting(scene, scene.world, [] { std::raise(SIGSTOP); });
}
int exit(const Scene& scene) {
  return while_waiting(scene, scene.world, [] { std::exit(0); });
}
int kill(const Scene& scene) {
  return while_waiting(scene, scene.world, [] { std::raise(SIGKILL); });
}
int exit_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) { while_waiting(scene, sub, [] { std::exit(0); }); });
  return 0;
}
int asked_to_end(const Scene& scene) {
  return while_waiting(scene, scene.world, [] { std::raise(SIGTERM); });
}
int slow(const Scene& scene) {
  return while_waiting(scene, scene.world, [] {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(2500);
    while (std::chrono::steady_clock::now() < end) {
    }
  });
}

constexpr Fault faults[] = {{"late-none", none},
                            {"late-throw-first", throw_first},
                            {"late-throw-instead", throw_instead},
                            {"late-throw-between", throw_between},
                            {"late-throw-under-way", throw_under_way},
                            {"late-throw-while-testing", throw_while_testing},
                            {"late-throw-while-summing", throw_while_summing},
                            {"late-throw-in-idot", throw_in_idot},
                            {"late-in-sub", in_sub},
                            {"late-outer-in-sub", outer_in_sub},
                            {"late-in-grid", in_grid},
                            {"late-peers-wait", peers_wait_for_each_other},
                            {"late-peers-wait-in-both", peers_wait_in_both},
                            {"late-in-together", in_together},
                            {"late-in-another-world", in_another_world},
                            {"late-caught-by-all", caught_by_all},
                            {"late-other-operation", other_operation},
                            {"late-other-count", other_count},
                            {"late-other-root", other_root},
                            {"late-other-operation-unfetched", other_operation_unfetched},
                            {"late-barrier-instead", barrier_instead},
                            {"late-end-instead", end_instead},
                            {"late-one-fewer", one_fewer},
                            {"late-one-fewer-unfetched", one_fewer_unfetched},
                            {"late-other-order", other_order},
                            {"late-stop", stop},
                            {"late-exit", exit},
                            {"late-kill", kill},
                            {"late-exit-in-sub", exit_in_sub},
                            {"late-signal", asked_to_end},
                            {"late-slow", slow}};

}  // namespace

std::span<const Fault> nonblocking_faults() { return faults; }

}  // namespace tutti::faults

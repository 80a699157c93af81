// A rank fails, stops, or does something else, while the others bring ghosts, or share out work.
#include <csignal>
#include <cstdlib>

#include "tutti/array/halo_array.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/array/work_queue.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/nonblocking.hpp"
#include "tutti/exact/accumulator.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

using Field = HaloArray<double, 3>;

[[noreturn]] void cut() {
  throw FormatError("b.npy: cut after 100 bytes; copy it again", {"b.npy", {100, 0}});
}

Field field(const World& world) {
  Field u(world, {30, 100, 100}, {1, Ends::periodic}, "u");  // faces beyond what MPIs send at once
  u.fill([](Index i, Index j, Index k) { return static_cast<double>(i + j + k); });
  return u;
}

void look_at(const Field& u) {
  if (sum(u) != 34050000) throw InternalError("the elements are wrong");
}

// Exchanges around a deed of one rank.
template <class Deed>
int instead(const Scene& scene, const Deed& deed) {
  Field u = field(scene.world);
  u.exchange();
  if (scene.me())
    deed(u);
  else
    u.exchange();
  look_at(u);
  return 0;
}

// The deed comes between the halves of the second one.
template <class Deed>
int between(const World& world, bool me, const Deed& deed) {
  Field u = field(world);
  u.exchange();
  u.begin_exchange();
  if (me) deed(u);
  u.end_exchange();
  u.exchange();
  look_at(u);
  return 0;
}
template <class Deed>
int between(const Scene& scene, const Deed& deed) {
  return between(scene.world, scene.me(), deed);
}

int none(const Scene& scene) {
  return between(scene, [](Field&) {});
}
int throw_instead(const Scene& scene) {
  return instead(scene, [](Field&) { cut(); });
}
int skip(const Scene& scene) {
  return instead(scene, [](Field&) {});
}
int other_array(const Scene& scene) {
  Field v = field(scene.world);
  return instead(scene, [&](Field&) { v.exchange(); });
}
int throw_between(const Scene& scene) {
  return between(scene, [](Field&) { cut(); });
}
int caught_between(const Scene& scene) {
  for (int turn = 0; turn < 3; ++turn) {
    try {
      scene.world.together("exchange", [&] { between(scene, [](Field&) { cut(); }); });
    } catch (const FormatError&) {
      continue;
    }
    throw InternalError("nobody has heard of the error");
  }
  return none(scene);
}
int throw_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) { between(sub, scene.me(), [](Field&) { cut(); }); });
  return 0;
}
int throw_while_others_sum(const Scene& scene) {
  Field u = field(scene.world);
  u.begin_exchange();
  if (scene.me()) cut();
  look_at(u);
  u.end_exchange();
  return 0;
}
int throw_while_others_wait(const Scene& scene) {  // for a nonblocking sum, messages under way
  Field u = field(scene.world);
  isum(scene.world, 1.0).get();
  u.begin_exchange();
  if (scene.me()) cut();
  isum(scene.world, 1.0).get();
  u.end_exchange();
  return 0;
}
int barrier_between(const Scene& scene) {
  return between(scene, [&](Field&) { barrier(scene.world); });
}
int begin_twice(const Scene& scene) {
  return between(scene, [](Field& u) { u.begin_exchange(); });
}
int never_end(const Scene& scene) {
  Field u = field(scene.world);
  u.begin_exchange();
  if (!scene.me()) u.end_exchange();
  look_at(u);
  return 0;
}
int return_between(const Scene& scene) {
  Field u = field(scene.world);
  u.begin_exchange();
  if (scene.me()) return 0;
  u.end_exchange();
  look_at(u);
  return 0;
}
int stop_between(const Scene& scene) {
  return between(scene, [](Field&) { std::raise(SIGSTOP); });
}
int kill_between(const Scene& scene) {
  return between(scene, [](Field&) { std::raise(SIGKILL); });
}
int exit_between(const Scene& scene) {
  return between(scene, [](Field&) { std::exit(3); });
}
int other_width(const Scene& scene) {
  const Field u(scene.world, {30, 20, 10}, scene.me() ? 1 : 2, "u");
  return 0;
}
int bad_width(const Scene& scene) {
  const Field u(scene.world, {30, 20, 10}, scene.me() ? -1 : 2, "u");
  return 0;
}

// A loop over a queue, in which one rank does something to its first item.
template <class Deed>
int working(const Scene& scene, const Deed& deed) {
  WorkQueue queue(scene.world, 300, 1, "items");
  ExactAccumulator mine;
  const auto work = [&](Index i) {
    if (scene.me()) deed();
    mine += static_cast<double>(i);
  };
  if (scene.me()) work(0);  // so that the others cannot have done everything by then
  queue.for_each(work);
  if (sum(scene.world, mine) != 44850) throw InternalError("items are missing");
  queue.reset();
  return 0;
}

int queue_none(const Scene& scene) {
  return working(scene, [] {});
}
int queue_throw(const Scene& scene) {
  return working(scene, [] { cut(); });
}
int queue_stop(const Scene& scene) {
  return working(scene, [] { std::raise(SIGSTOP); });
}
int queue_kill(const Scene& scene) {
  return working(scene, [] { std::raise(SIGKILL); });
}
int queue_signal(const Scene& scene) {
  return working(scene, [] { std::raise(SIGTERM); });
}
int queue_no_reset(const Scene& scene) {
  WorkQueue queue(scene.world, 50, 1, "items");
  if (!scene.me()) queue.reset();
  barrier(scene.world);
  return 0;
}

constexpr Fault faults[] = {{"halo-none", none},
                            {"halo-throw-instead", throw_instead},
                            {"halo-skip", skip},
                            {"halo-other-array", other_array},
                            {"halo-throw-between", throw_between},
                            {"halo-caught-between", caught_between},
                            {"halo-throw-in-sub", throw_in_sub},
                            {"halo-throw-while-others-sum", throw_while_others_sum},
                            {"halo-throw-while-others-wait", throw_while_others_wait},
                            {"halo-barrier-between", barrier_between},
                            {"halo-begin-twice", begin_twice},
                            {"halo-never-end", never_end},
                            {"halo-return-between", return_between},
                            {"halo-stop-between", stop_between},
                            {"halo-kill-between", kill_between},
                            {"halo-exit-between", exit_between},
                            {"halo-other-width", other_width},
                            {"halo-bad-width", bad_width},
                            {"queue-none", queue_none},
                            {"queue-throw", queue_throw},
                            {"queue-stop", queue_stop},
                            {"queue-kill", queue_kill},
                            {"queue-signal", queue_signal},
                            {"queue-no-reset", queue_no_reset}};

}  // namespace

std::span<const Fault> grid_faults() { return faults; }

}  // namespace tutti::faults

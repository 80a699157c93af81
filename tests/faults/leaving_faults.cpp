// A rank exits, dies, stops, loops, or loses its stdout.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <vector>

#include <mpi.h>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "fault.hpp"

namespace {
bool stop_in_next_broadcast = false;
}

// This program's own MPI_Bcast and MPI_Ibcast stand before MPI's: a rank can be stopped inside a payload.
extern "C" int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm communicator) {
  if (stop_in_next_broadcast) std::raise(SIGSTOP);
  return PMPI_Bcast(data, count, type, root, communicator);
}
extern "C" int MPI_Ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm communicator,
                          MPI_Request* request) {
  if (stop_in_next_broadcast) std::raise(SIGSTOP);
  return PMPI_Ibcast(data, count, type, root, communicator, request);
}

namespace tutti::faults {

namespace {

// The program up to the wrong deed, and what the others do meanwhile.
template <class Deed>
int doing(const Scene& scene, const Deed& deed) {
  work(scene.world);
  if (scene.me()) deed();
  work(scene.world);
  return 0;
}

int status(const Scene& scene) {
  work(scene.world);
  return scene.me() ? 3 : 0;
}

int exit_anywhere(const Scene& scene) {
  return doing(scene, [] { std::exit(0); });
}

int exit_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    work(sub);
    if (scene.me()) std::exit(0);
    work(sub);
  });
  return 0;
}

int exit_in_grid(const Scene& scene) {
  scene.world.split(scene.world.rank() / 2, [&](World& rows) {
    scene.world.split(scene.colour(), [&](World& columns) {
      if (scene.me()) std::exit(5);
      barrier(columns);
      barrier(rows);
    });
  });
  return 0;
}

int exit_in_together(const Scene& scene) {
  scene.world.together("count rows", [&] {
    if (scene.me()) std::exit(5);
    work(scene.world);
  });
  return 0;
}

int exit_at_once(const Scene& scene) {
  return doing(scene, [] { _exit(0); });
}
int exit_at_once_failing(const Scene& scene) {
  return doing(scene, [] { _exit(3); });
}
int quick_exit(const Scene& scene) {
  return doing(scene, [] { std::quick_exit(0); });
}
int abort(const Scene& scene) {
  return doing(scene, [] { std::abort(); });
}
int segmentation_fault(const Scene& scene) {
  return doing(scene, [] { std::raise(SIGSEGV); });
}
int kill(const Scene& scene) {
  return doing(scene, [] { std::raise(SIGKILL); });
}
int stop(const Scene& scene) {
  return doing(scene, [] { std::raise(SIGSTOP); });
}

int stop_in_sub(const Scene& scene) {
  scene.world.split(0, [&](World& sub) { doing({sub, scene.guilty}, [] { std::raise(SIGSTOP); }); });
  return 0;
}

int stop_in_payload(const Scene& scene) {
  work(scene.world);
  stop_in_next_broadcast = scene.me();
  std::vector<double> values(1000000);
  broadcast(scene.world, values, 0);
  work(scene.world);
  return 0;
}

void compute_for(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
  }
}

int loop(const Scene& scene) {
  return doing(scene, [] { compute_for(1e9); });
}
int slow(const Scene& scene) {
  return doing(scene, [] { compute_for(2.5); });
}

int stdout_closed(const Scene& scene) {
  return doing(scene, [] {
    ::close(STDOUT_FILENO);
    std::puts("a result");
  });
}

// Rank 0 alone writes what the program prints.
int stdout_full(const Scene& scene) {
  work(scene.world);
  if (scene.world.rank() == 0 && std::freopen("/dev/full", "w", stdout) == nullptr) return 1;
  scene.world.print("a result\n");
  work(scene.world);
  return 0;
}

constexpr Fault faults[] = {{"status", status},
                            {"exit", exit_anywhere},
                            {"exit-in-sub", exit_in_sub},
                            {"exit-in-grid", exit_in_grid},
                            {"exit-in-together", exit_in_together},
                            {"exit-at-once", exit_at_once},
                            {"exit-at-once-failing", exit_at_once_failing},
                            {"quick-exit", quick_exit},
                            {"abort", abort},
                            {"segmentation-fault", segmentation_fault},
                            {"kill", kill},
                            {"stop", stop},
                            {"stop-in-sub", stop_in_sub},
                            {"stop-in-payload", stop_in_payload},
                            {"loop", loop},
                            {"slow", slow},
                            {"stdout-closed", stdout_closed},
                            {"stdout-full", stdout_full}};

}  // namespace

std::span<const Fault> leaving_faults() { return faults; }

}  // namespace tutti::faults

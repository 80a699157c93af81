// A rank fails while the others are in MPI calls of the program's own, or ranks wait for one another.
#include <array>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/guarded.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

[[noreturn]] void odd() { throw ShapeError("an odd number of rows"); }

// Every rank's number goes to the next rank.
int shift(const World& world, MPI_Comm communicator) {
  const int me = world.rank(), size = world.size();
  const int next = (me + 1) % size, previous = (me + size - 1) % size;
  int received = -1;
  const int code = MPI_Sendrecv(&me, 1, MPI_INT, next, 0, &received, 1, MPI_INT, previous, 0, communicator,
                                MPI_STATUS_IGNORE);
  if (received != previous) throw InternalError("the wrong number has come");
  return code;
}

int guarded_throws(const Scene& scene) {
  guarded(scene.world, "shift", [&](MPI_Comm communicator) { return shift(scene.world, communicator); });
  guarded(scene.world, "count", [&] {
    if (scene.me()) odd();
  });
  return 0;
}

// The others wait for what the guilty one does not send.
int guarded_stuck(const Scene& scene) {
  guarded(scene.world, "shift", [&](MPI_Comm communicator) {
    if (scene.me()) odd();
    int value = 0;
    return MPI_Recv(&value, 1, MPI_INT, scene.guilty, 0, communicator, MPI_STATUS_IGNORE);
  });
  return 0;
}

// Only the last rank does, which may be on another node; the guilty one's neighbours have come out.
int guarded_stuck_last(const Scene& scene) {
  guarded(scene.world, "shift", [&](MPI_Comm communicator) -> int {
    if (scene.me()) odd();
    int value = 0;
    if (scene.world.rank() != scene.world.size() - 1) return MPI_SUCCESS;
    return MPI_Recv(&value, 1, MPI_INT, scene.guilty, 0, communicator, MPI_STATUS_IGNORE);
  });
  return 0;
}

// A deadlock of the program's own.
int guarded_deadlock(const Scene& scene) {
  guarded(scene.world, "shift", [&](MPI_Comm communicator) {
    int value = 0;
    return MPI_Recv(&value, 1, MPI_INT, MPI_ANY_SOURCE, 0, communicator, MPI_STATUS_IGNORE);
  });
  return 0;
}

int guarded_code(const Scene& scene) {
  guarded(scene.world, "shift", [&](MPI_Comm communicator) {
    const int nobody = scene.me() ? scene.world.size() : MPI_PROC_NULL;
    return MPI_Send(&nobody, 1, MPI_INT, nobody, 0, communicator);
  });
  return 0;
}

int guarded_skipped(const Scene& scene) {
  if (!scene.me())
    guarded(scene.world, "shift", [&](MPI_Comm communicator) { return shift(scene.world, communicator); });
  barrier(scene.world);
  return 0;
}

int guarded_other(const Scene& scene) {
  guarded(scene.world, scene.me() ? "shift back" : "shift",
          [&](MPI_Comm communicator) { return shift(scene.world, communicator); });
  return 0;
}

int guarded_caught(const Scene& scene) {
  for (int attempt = 0; attempt < 10; ++attempt) try {
      guarded(scene.world, "shift", [&](MPI_Comm communicator) {
        const int lost = -7, next = (scene.world.rank() + 1) % scene.world.size();
        if (scene.me()) odd();  // and does not receive what was sent to it: a later section must not, either
        return next == scene.guilty ? MPI_Send(&lost, 1, MPI_INT, next, 0, communicator) : MPI_SUCCESS;
      });
      return 1;
    } catch (const ShapeError&) {
      work(scene.world);
      guarded(scene.world, "shift", [&](MPI_Comm communicator) { return shift(scene.world, communicator); });
    }
  return 0;
}

int guarded_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    guarded(sub, "shift", [&](MPI_Comm communicator) { return shift(sub, communicator); });
    guarded(sub, "count", [&] {
      if (scene.me()) odd();
    });
  });
  return 0;
}

// Each rank puts a number into the next rank's memory; the guilty one fails between the fences. The error is
// thrown on all ranks, so all can free the window together.
int guarded_window(const Scene& scene) {
  std::array<int, 4> memory{};
  MPI_Win window = MPI_WIN_NULL;
  guarded(scene.world, "open the window", [&](MPI_Comm communicator) {
    return MPI_Win_create(memory.data(), sizeof memory, sizeof(int), MPI_INFO_NULL, communicator, &window);
  });
  const int value = scene.world.rank();
  const int next = (value + 1) % scene.world.size();
  try {
    for (const bool wrong : {false, true}) {
      guarded(scene.world, "fence", [&] { return MPI_Win_fence(0, window); });
      guarded(scene.world, "put", [&] {
        if (wrong && scene.me()) odd();
        return MPI_Put(&value, 1, MPI_INT, next, 0, 1, MPI_INT, window);
      });
      guarded(scene.world, "fence", [&] { return MPI_Win_fence(0, window); });
    }
  } catch (const ShapeError&) {
    guarded(scene.world, "close the window", [&] {
      MPI_Win_fence(0, window);
      return MPI_Win_free(&window);
    });
    throw;
  }
  return 0;
}

// All ranks are in tutti, and wait for one another in different Worlds.
int deadlock(const Scene& scene) {
  scene.world.split(0, [&](World& sub) { barrier(scene.me() ? scene.world : sub); });
  return 0;
}

constexpr Fault faults[] = {{"guarded-throw", guarded_throws},
                            {"guarded-stuck", guarded_stuck},
                            {"guarded-stuck-last", guarded_stuck_last},
                            {"guarded-deadlock", guarded_deadlock},
                            {"guarded-code", guarded_code},
                            {"guarded-skipped", guarded_skipped},
                            {"guarded-other", guarded_other},
                            {"guarded-caught", guarded_caught},
                            {"guarded-in-sub", guarded_in_sub},
                            {"guarded-window", guarded_window},
                            {"deadlock", deadlock}};

}  // namespace

std::span<const Fault> guarded_faults() { return faults; }

}  // namespace tutti::faults

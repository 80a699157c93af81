// What the rungs of the ladder run on several hosts, or on the nodes of a batch system:
//
//   ladder_program sums          collectives for ever; "begun" on stdout after the first
//   ladder_program loops RANK    the same, but one rank comes to no collective any more
//   ladder_program slow RANK     one rank is late for five seconds; "in time" at the end
//   ladder_program rings         messages of the program's own for ever, in one `guarded`
//   ladder_program queues        work queues of two sub-worlds at once; "each item once" at the end
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <mpi.h>

#include "tutti/array/work_queue.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/guarded.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/run.hpp"
#include "tutti/core/text.hpp"

namespace {

void compute_for(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
  }
}

[[noreturn]] void sums(tutti::World& world) {
  for (;;) {
    if (tutti::sum(world, 1.0) != world.size()) throw tutti::InternalError("the sum is wrong");
    std::this_thread::sleep_for(
        std::chrono::milliseconds(1));  // leaves something of this machine to the others
  }
}

[[noreturn]] void rings(tutti::World& world) {
  const int right = (world.rank() + 1) % world.size(),
            left = (world.rank() + world.size() - 1) % world.size();
  tutti::guarded(world, "ring", [&](MPI_Comm communicator) {
    for (int sent = 0, received = 0;; ++sent) {
      MPI_Sendrecv(&sent, 1, MPI_INT, right, 0, &received, 1, MPI_INT, left, 0, communicator,
                   MPI_STATUS_IGNORE);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  throw tutti::InternalError("the ring has ended");
}

void queues(tutti::World& world) {
  constexpr tutti::Index items = 100;
  for (int turn = 0; turn < 5; ++turn)
    world.split(world.rank() % 2, [&](tutti::World& half) {
      tutti::WorkQueue queue(half, items, 1);
      tutti::Index seen = 0;
      queue.for_each([&](tutti::Index item) { seen += item; });
      if (tutti::sum(half, seen) != items * (items - 1) / 2)
        throw tutti::InternalError("an item came twice, or never");
    });
  world.print("each item once\n");
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    const bool guilty = argc > 2 && std::atoi(argv[2]) == world.rank();
    tutti::barrier(world);
    world.print("begun\n");
    if (what == "loops" && guilty) compute_for(1e9);
    if (what == "slow" && guilty) compute_for(5);
    if (what == "slow") {
      tutti::barrier(world);
      world.print("in time\n");
      return;
    }
    if (what == "rings") rings(world);
    if (what == "queues") return queues(world);
    try {
      sums(world);
    } catch (const tutti::InterruptedError&) {
      world.print("saving what there is\n");
      throw;
    }
  });
}

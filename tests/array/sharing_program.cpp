// Shares memory under difficult circumstances; sharing_test.py makes them and says what must come of it.
//
//   sharing_program share BYTES           shares so much and prints by how much the memory of the nodes grew
//   sharing_program share BYTES hidden    the same in processes that cannot look into each other
//   sharing_program again BYTES           makes and ends arrays of so much, one after another
//   sharing_program vectors BYTES hidden  makes vectors and buffers, three times
//   sharing_program killed BYTES          shares and updates until the last rank is killed in the midst of it
#include <csignal>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/node_shared.hpp"
#include "tutti/array/updatable_node_shared.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/run.hpp"
#include "tutti/memory/buffer.hpp"

namespace {

using tutti::Index;

// Of all ranks, without files: pages of libraries count more or less as other programs begin and end. What
// some ranks have not read yet would count more than once.
Index node_pss(const tutti::World& world) {
  tutti::barrier(world);
  std::ifstream file("/proc/self/smaps_rollup");
  Index kibibytes = 0;
  for (std::string word; file >> word;)
    if (Index value = 0; (word == "Pss_Anon:" || word == "Pss_Shmem:") && file >> value) kibibytes += value;
  return tutti::sum(world, kibibytes * 1024);
}

void fill(std::span<Index> part, Index first) {
  for (Index& element : part) element = 3 * first++;
}

void share(const tutti::World& world, Index bytes) {
  const Index before = node_pss(world), n = bytes / 8;
  tutti::NodeShared<Index> shared(world, n, "coordinates");
  shared.publish(fill);
  Index sum = 0;
  for (const Index element : shared.view()) sum += element;
  if (sum != 3 * (n * (n - 1) / 2)) throw tutti::InternalError("the elements are wrong");
  const Index grown = node_pss(world) - before;
  world.print(tutti::text("shared ", bytes, " on ", world.nodes(), " nodes, grown by ", grown, "\n"));
}

void killed(const tutti::World& world, Index bytes) {
  tutti::UpdatableNodeShared<Index> shared(world, bytes / 8, "coordinates");
  shared.update(fill);
  world.print("sharing\n");
  for (int step = 0;; ++step)
    shared.update([&](std::span<Index> part, Index first) {
      fill(part, first);
      if (step == 3 && world.rank() == world.size() - 1) std::raise(SIGKILL);
    });
}

// Rank 0 is back before the others have given back what they had.
void again(const tutti::World& world, Index bytes) {
  for (int turn = 0; turn < 20; ++turn) {
    const tutti::DistVector<Index> mine(world, bytes / 8, "forces");
    const tutti::NodeShared<Index> shared(world, 1000, "constants");
    if (world.rank() > 0) ::usleep(5000);
  }
  world.print("all had room\n");
}

// Where nothing can be shared, vectors and buffers are booked all the same.
void vectors(const tutti::World& world, Index bytes) {
  const std::uint64_t before = world.ledger().node_booked();
  for (int turn = 0; turn < 3; ++turn) {
    const tutti::DistVector<Index> mine(world, bytes / 8, "forces");
    const tutti::memory::Buffer<Index> buffer(std::size_t{1} << 18U, "pieces", world.ledger());
  }
  if (world.ledger().node_booked() != before) throw tutti::InternalError("the books do not close");
  world.print("all had room\n");
}

}  // namespace

int main(int argc, char** argv) {
  // No process of another user's, or of ours, may look into this one: as a hardened system has it.
  if (argc == 4 && argv[3] == std::string_view("hidden")) ::prctl(PR_SET_DUMPABLE, 0);
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc < 3) throw tutti::UsageError("sharing_program share|again|vectors|killed BYTES [hidden]");
    const Index bytes = std::stoll(argv[2]);
    if (argv[1] == std::string_view("share"))
      share(world, bytes);
    else if (argv[1] == std::string_view("again"))
      again(world, bytes);
    else if (argv[1] == std::string_view("vectors"))
      vectors(world, bytes);
    else
      killed(world, bytes);
  });
}

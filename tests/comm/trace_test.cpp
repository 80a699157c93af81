// What TUTTI_TRACE writes: the same on any number of ranks.
#include "tutti/comm/trace.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <vector>

#include "tutti/comm/mpi.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

std::string trace_path() { return testing::TempDir() + "trace." + std::to_string(::getpid()); }

// A World of its own, made while TUTTI_TRACE names `path`.
template <class F>
void traced(const std::string& path, const F& f) {
  MPI_Comm communicator = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &communicator);
  ::setenv("TUTTI_TRACE", path.c_str(), 1);
  try {
    f(communicator);
  } catch (...) {
    ::unsetenv("TUTTI_TRACE");
    MPI_Comm_free(&communicator);
    throw;
  }
  ::unsetenv("TUTTI_TRACE");
  MPI_Comm_free(&communicator);
}

std::string contents(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  ::unlink(path.c_str());
  return out.str();
}

TEST(Trace, HoldsEveryReductionOfTheOutermostWorld) {
  const std::string path = trace_path();  // that of rank 0 counts
  traced(path, [](MPI_Comm communicator) {
    World world = world_from(communicator);
    const double third = world.rank() == 0 ? 1.0 / 3 : 0;
    sum(world, third, Site("a.cpp", 1));
    sum(world, 1e300 * world.rank() - 1e300 * world.rank() + third, rounded, Site("a.cpp", 2));
    max(world, world.rank() == 0 ? 7 : -7, Site("/src/b.cpp", 3));
    sum(world, std::vector<ExactSum>(3), Site("b.cpp", 4));
    any(world, world.rank() == 0, Site("b.cpp", 5));
    world.split(0, [](World& sub) { sum(sub, 1.0); });  // whose ranks are others on other numbers of ranks
    sum(world, Index{world.rank() == 0}, Site("b.cpp", 6));
  });
  const std::string found = contents(path);
  if (world().rank() != 0) {
    EXPECT_EQ(found, "");
    return;
  }
  EXPECT_EQ(found,
            "# tutti trace 1\n"
            "sum\t1\ta.cpp:1\t0x1.5555555555555p-2\n"
            "rounded sum\t2\ta.cpp:2\t0x1.5555555555555p-2\n"
            "max\t3\tb.cpp:3\t7\n"
            "sums\t4\tb.cpp:4\t0x0p+0 0x0p+0 0x0p+0\n"
            "any\t5\tb.cpp:5\t1\n"
            "sum\t6\tb.cpp:6\t1\n");
}

TEST(Trace, RefusesAFileThatCannotBeWrittenOnAllRanks) {
  EXPECT_THROW(traced("/no/such/folder/trace", [](MPI_Comm communicator) { world_from(communicator); }),
               OutputError);
}

}  // namespace
}  // namespace tutti

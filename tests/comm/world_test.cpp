#include "tutti/comm/world.hpp"

#include <mpi.h>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

TEST(World, KnowsWhatMpiKnows) {
  int rank = -1, size = -1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  EXPECT_EQ(world().rank(), rank);
  EXPECT_EQ(world().size(), size);
}

TEST(World, NodesAreNumberedAndCounted) {
  EXPECT_GE(world().node(), 0);
  EXPECT_LT(world().node(), world().nodes());
  EXPECT_LT(world().node_rank(), world().node_size());
  EXPECT_FALSE(world().node_name().empty());
  int on_this_node = 0;
  for (int r = 0; r < world().size(); ++r) on_this_node += world().node_of(r) == world().node() ? 1 : 0;
  EXPECT_EQ(on_this_node, world().node_size());
  EXPECT_EQ(world().node_of(world().rank()), world().node());
  EXPECT_EQ(max(world(), Index{world().node()}), world().nodes() - 1);
}

TEST(World, TogetherReturnsWhatEachRankComputed) {
  const int twice = world().together("double", [] { return 2 * world().rank(); });
  EXPECT_EQ(twice, 2 * world().rank());
  int calls = 0;
  world().together("count", [&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(WorldFrom, KeepsOneWorldForACommunicator) {
  MPI_Comm mine = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &mine);
  {
    const World first = world_from(mine);
    const World second = world_from(mine);
    EXPECT_EQ(&first.context(), &second.context());
    EXPECT_EQ(first.size(), world().size());
    EXPECT_EQ(sum(first, 1), world().size());
    EXPECT_EQ(sum(world(), 1), world().size());  // several Worlds at once
  }
  MPI_Comm_free(&mine);
}

TEST(WorldFrom, IsOverWhenItsCommunicatorIsFreed) {
  MPI_Comm mine = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &mine);
  const World kept = world_from(mine);
  MPI_Comm_free(&mine);
  EXPECT_THROW(barrier(kept), DistributionError);
}

TEST(WorldFrom, StaysOpenUntilMpiEnds) { EXPECT_EQ(sum(world_from(MPI_COMM_WORLD), 1), world().size()); }

TEST(RunOnCommunicator, AgreesOnTheExitStatusAndLeavesMpiAlone) {
  EXPECT_EQ(run(MPI_COMM_WORLD, [](World&) {}), 0);
  EXPECT_EQ(run(MPI_COMM_WORLD, [](World& w) { return w.rank() == w.size() - 1 ? 5 : 0; }), 5);
  EXPECT_EQ(run(MPI_COMM_WORLD, [](World& w) { return w.rank() + 3; }), 3);
  EXPECT_EQ(run(MPI_COMM_WORLD, [](World&) { return 256; }), 255);  // a shell would see 0
  EXPECT_EQ(run(MPI_COMM_WORLD, [](World&) { return -1; }), 255);
  int finalized = 1;
  MPI_Finalized(&finalized);
  EXPECT_EQ(finalized, 0);
  EXPECT_EQ(sum(world(), 1), world().size());
}

}  // namespace
}  // namespace tutti

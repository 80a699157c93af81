// TUTTI_NODES=k: 4 ranks of one host as ranks of 2 or 3 nodes.
#include <cstdlib>
#include <string>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

struct Case {
  std::vector<int> node_of, node_rank, node_size;
};

// 4 ranks on 2 nodes: 0 0 1 1; on 3 nodes: 0 0 1 2
Case expected() {
  const char* nodes = std::getenv("TUTTI_NODES");
  if (nodes != nullptr && std::string(nodes) == "2") return {{0, 0, 1, 1}, {0, 1, 0, 1}, {2, 2, 2, 2}};
  return {{0, 0, 1, 2}, {0, 1, 0, 0}, {2, 2, 1, 1}};
}

TEST(PretendedNodes, AreNumberedInTheOrderOfTheirRanks) {
  const Case wanted = expected();
  const auto me = static_cast<std::size_t>(world().rank());
  EXPECT_EQ(world().nodes(), wanted.node_of.back() + 1);
  EXPECT_EQ(world().node(), wanted.node_of[me]);
  EXPECT_EQ(world().node_rank(), wanted.node_rank[me]);
  EXPECT_EQ(world().node_size(), wanted.node_size[me]);
  for (int rank = 0; rank < world().size(); ++rank)
    EXPECT_EQ(world().node_of(rank), wanted.node_of[static_cast<std::size_t>(rank)]);
}

TEST(PretendedNodes, SplitByNodeGathersTheRanksOfEach) {
  const Case wanted = expected();
  const auto me = static_cast<std::size_t>(world().rank());
  world().split_by_node([&](World& node) {
    EXPECT_EQ(node.size(), wanted.node_size[me]);
    EXPECT_EQ(node.rank(), wanted.node_rank[me]);
    EXPECT_EQ(node.nodes(), 1);
    EXPECT_EQ(node.node(), 0);
    for (const int other : all_gather(node, world().node())) EXPECT_EQ(other, world().node());
  });
}

TEST(PretendedNodes, OfASubWorldAreNumberedAnew) {
  const Case wanted = expected();
  world().split(world().rank() == 0 ? 1 : 0, [&](World& sub) {
    if (world().rank() == 0) return;
    EXPECT_EQ(sub.node_of(0), 0);
    EXPECT_EQ(sub.nodes(), wanted.node_of.back() + 1);  // rank 1 still stands for node 0
    EXPECT_EQ(sub.node(), wanted.node_of[static_cast<std::size_t>(world().rank())]);
  });
}

}  // namespace
}  // namespace tutti

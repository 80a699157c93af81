#include "tutti/array/dist_vector.hpp"

#include <limits>

#include "tutti/array/reductions.hpp"
#include "tutti/comm/collectives.hpp"

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

TEST(DistVector, EachRankStoresItsOwnElementsAndNothingElse) {
  for (const Index n : lengths())
    for (const Layout& layout : layouts(n, world().size())) {
      DistVector<std::int64_t> x(world(), n, layout, "x");
      EXPECT_EQ(x.size(), n);
      EXPECT_EQ(x.name(), "x");
      EXPECT_EQ(x.local().size(), x.distribution().local_size(world().rank()));
      EXPECT_EQ(sum(world(), static_cast<Index>(x.local().size())), n) << layout.name();
      for (const std::int64_t value : x.local()) EXPECT_EQ(value, 0);
    }
}

TEST(DistVector, FillKnowsGlobalIndices) {
  for (const Index n : lengths())
    for (const Layout& layout : layouts(n, world().size())) {
      DistVector<double> x(world(), n, layout, "x");
      x.fill([](Index i) { return 3.0 * static_cast<double>(i) + 0.5; });
      for (std::size_t l = 0; l < x.local().size(); ++l) {
        const Index i = x.distribution().to_global(world().rank(), l);
        EXPECT_EQ(x.local()[l], 3.0 * static_cast<double>(i) + 0.5) << layout.name();
      }
    }
}

TEST(DistVector, HoldsAnyTriviallyCopyableType) {
  struct Point {
    double x, y, z;
  };
  DistVector<Point> points(world(), 10, cyclic, "points");
  points.fill([](Index i) { return Point{static_cast<double>(i), 0, 1}; });
  if (!points.local().empty()) {
    EXPECT_EQ(points.local()[0].x, world().rank());
  }
}

TEST(DistVector, MovesItsMemory) {
  DistVector<double> x(world(), 100, "x");
  const double* const memory = x.local().data();
  const DistVector<double> y = std::move(x);
  EXPECT_EQ(y.local().data(), memory);
  EXPECT_EQ(y.name(), "x");
}

TEST(DistVector, LivesOnASubWorld) {
  world().split(world().rank() % 2, [&](World& sub) {
    DistVector<double> x(sub, 20, cyclic, "x");
    x.fill([](Index i) { return static_cast<double>(i); });
    EXPECT_EQ(sum(x), 190);
  });
}

TEST(DistVector, BeyondTheNodesMemoryIsRefusedBeforeItIsAllocated) {
  for (const Index n : {Index{1} << 60U, std::numeric_limits<Index>::max()})
    for (const Layout& layout : {block, cyclic, block_cyclic(1024)}) {
      try {
        const DistVector<double> x(world(), n, layout, "everything");
        FAIL() << "no node has so much memory";
      } catch (const BudgetError& error) {
        EXPECT_NE(error.message().find("everything"), std::string::npos) << error.message();
        EXPECT_NE(error.message().find(text(n)), std::string::npos) << error.message();
        EXPECT_GT(error.needed(), error.available());
      }
      EXPECT_EQ(sum(world(), 1), world().size());
    }
}

TEST(DistVector, ARankThatWantsAllIsHeardByAll) {
  std::vector<Index> counts(static_cast<std::size_t>(world().size()), 1);
  counts.back() = Index{1} << 58U;
  const Index n = counts.back() + world().size() - 1;
  EXPECT_THROW(DistVector<double>(world(), n, irregular(counts), "x"), BudgetError);
  barrier(world());
}

TEST(DistVector, NonsenseIsRefusedOnAllRanks) {
  EXPECT_THROW(DistVector<double>(world(), -1, block, "x"), DistributionError);
  const std::vector<Index> counts(static_cast<std::size_t>(world().size()), 2);
  EXPECT_THROW(DistVector<double>(world(), 1, irregular(counts), "x"), ShapeError);
  const std::vector<Index> more(counts.size() + 1, 2);
  EXPECT_THROW(DistVector<double>(world(), 2 * static_cast<Index>(more.size()), irregular(more), "x"),
               ShapeError);
  barrier(world());
}

TEST(DistVector, RanksThatWantDifferentVectorsAreToldSo) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const bool first = world().rank() == 0;
  EXPECT_THROW(DistVector<double>(world(), first ? 5 : 6, block, "x"), MismatchError);
  EXPECT_THROW(DistVector<double>(world(), 5, first ? cyclic : block_cyclic(2), "x"), MismatchError);
  barrier(world());
}

}  // namespace
}  // namespace tutti

#include <stdexcept>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

int colour_of(int rank) { return rank % 2; }
int members(int colour) { return (world().size() + 1 - colour) / 2; }

TEST(Split, MakesAWorldForEachColour) {
  world().split(colour_of(world().rank()), [&](World& sub) {
    EXPECT_EQ(sub.size(), members(colour_of(world().rank())));
    EXPECT_EQ(sub.rank(), world().rank() / 2);
    EXPECT_EQ(sum(sub, 1), sub.size());
    EXPECT_EQ(sum(world(), 1), world().size());  // the World that was split may be used inside
  });
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Split, ByNode) {
  world().split_by_node([&](World& node) {
    EXPECT_EQ(node.size(), world().node_size());
    EXPECT_EQ(node.rank(), world().node_rank());
    EXPECT_EQ(node.nodes(), 1);
  });
}

TEST(Split, Nests) {
  world().split(colour_of(world().rank()), [&](World& sub) {
    sub.split(sub.rank() % 2, [&](World& subsub) {
      EXPECT_EQ(sum(subsub, 1), subsub.size());
      EXPECT_EQ(sum(sub, 1), sub.size());
      EXPECT_THROW(barrier(world()), DistributionError);  // rests: too far out
    });
  });
}

TEST(Split, RowsAndColumnsOfAGrid) {
  const int width = 2;
  const int row = world().rank() / width, column = world().rank() % width;
  world().split(row, [&](World& rows) {
    world().split(column, [&](World& columns) {
      EXPECT_EQ(min(rows, Index{world().rank()}), row * width);
      EXPECT_EQ(min(columns, Index{world().rank()}), column);
      EXPECT_EQ(sum(world(), 1), world().size());
    });
    barrier(rows);
  });
}

TEST(Split, NegativeColourIsAnErrorOnAllRanks) {
  EXPECT_THROW(world().split(world().rank() == 0 ? -1 : 0, [](World&) {}), DistributionError);
}

TEST(Split, IsOverAfterItsScope) {
  std::optional<World> escaped;
  world().split(0, [&](World& sub) { escaped = sub; });
  EXPECT_THROW(barrier(*escaped), DistributionError);
}

// A rank fails inside; the others wait in one place or another, or not at all.
enum class Wait { sub, outer, nowhere };

void fail_inside(int guilty, Wait wait) {
  world().split(colour_of(world().rank()), [&](World& sub) {
    if (world().rank() == guilty) throw ShapeError("odd");
    if (wait == Wait::sub) barrier(sub);
    if (wait == Wait::outer) barrier(world());
  });
}

TEST(Split, FailureInsideIsThrownOnAllRanksOfTheOuterWorld) {
  for (const Wait wait : {Wait::sub, Wait::outer, Wait::nowhere})
    for (int guilty = 0; guilty < world().size(); ++guilty) {
      try {
        fail_inside(guilty, wait);
        ADD_FAILURE() << "nothing was thrown";
      } catch (const ShapeError& error) {
        EXPECT_EQ(error.rank(), guilty);
        EXPECT_EQ(error.message(), "odd");
      }
      EXPECT_EQ(sum(world(), 1), world().size());
    }
}

TEST(Split, FailureInAGridReachesRowsColumnsAndAll) {
  const int width = 2;
  for (int guilty = 0; guilty < world().size(); ++guilty)
    for (int place = 0; place < 4; ++place) {
      EXPECT_THROW(world().split(world().rank() / width,
                                 [&](World& rows) {
                                   EXPECT_THROW(world().split(world().rank() % width,
                                                              [&](World& columns) {
                                                                if (world().rank() == guilty)
                                                                  throw ShapeError("odd");
                                                                if (place == 0) barrier(rows);
                                                                if (place == 1) barrier(columns);
                                                                if (place == 2) barrier(world());
                                                              }),
                                                ShapeError);
                                   barrier(rows);  // the rows go on
                                   if (world().rank() == guilty) throw UsageError("again");
                                   barrier(rows);
                                 }),
                   UsageError);
      EXPECT_EQ(sum(world(), 1), world().size());
    }
}

TEST(Split, SeveralFailuresAreOneError) {
  try {
    world().split(colour_of(world().rank()), [&](World& sub) {
      if (sub.rank() == 0) throw std::runtime_error(text("colour ", colour_of(world().rank())));
      barrier(sub);
    });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.message(), "colour 0");
  }
}

TEST(Split, ErrorsCaughtInsideStayInside) {
  world().split(colour_of(world().rank()), [&](World& sub) {
    EXPECT_THROW(sub.together("fail",
                              [&] {
                                if (sub.rank() == 0) throw ShapeError("odd");
                              }),
                 ShapeError);
    EXPECT_EQ(sum(sub, 1), sub.size());
  });
  EXPECT_EQ(sum(world(), 1), world().size());
}

}  // namespace
}  // namespace tutti

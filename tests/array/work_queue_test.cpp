// Run on one node, and on pretended ones, where the counter is in a window of MPI's.
#include "tutti/array/work_queue.hpp"

#include <limits>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <mpi.h>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/exact/accumulator.hpp"

#include "message_of.hpp"
#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

/// How often each item was handed out, to whichever rank.
std::vector<std::int64_t> times_handed_out(const World& all, WorkQueue& queue) {
  std::vector<std::int64_t> times(static_cast<std::size_t>(queue.size()), 0);
  for (Range range = queue.next(); range.count > 0; range = queue.next()) {
    EXPECT_LE(static_cast<Index>(range.count), queue.chunk());
    EXPECT_EQ(range.first % queue.chunk(), 0);
    for (std::size_t k = 0; k < range.count; ++k) ++times.at(static_cast<std::size_t>(range.first) + k);
  }
  EXPECT_EQ(queue.next().count, 0U) << "empty is empty";
  sum_elements(all, times);
  return times;
}

TEST(WorkQueue, HandsOutEachItemOnce) {
  for (const Index n : {0, 1, 5, 1000})
    for (const Index chunk : {1, 3, 1000, 5000}) {
      WorkQueue queue(world(), n, chunk);
      const std::vector<std::int64_t> once(static_cast<std::size_t>(n), 1);
      EXPECT_EQ(times_handed_out(world(), queue), once) << n << " in chunks of " << chunk;
      for (int turn = 0; turn < 3; ++turn) {
        queue.reset();
        EXPECT_EQ(times_handed_out(world(), queue), once) << "again";
      }
    }
}

TEST(WorkQueue, ChoosesItsChunks) {
  const WorkQueue many(world(), 64000, "many"), few(world(), 3, "few");
  EXPECT_EQ(many.chunk(), 2000 / world().size());
  EXPECT_EQ(few.chunk(), 1);
  EXPECT_EQ(many.name(), "many");
  EXPECT_EQ(many.size(), 64000);
}

TEST(WorkQueue, CountsToTheEnd) {
  const Index most = std::numeric_limits<Index>::max();
  WorkQueue queue(world(), most, most / 2);
  Index mine = 0;
  for (Range range = queue.next(); range.count > 0; range = queue.next())
    mine += static_cast<Index>(range.count);
  EXPECT_EQ(sum(world(), mine), most);
}

// Who gets what differs from run to run, and the work is made so uneven that it does; the sum does not.
TEST(WorkQueue, ExactSumsDoNotDependOnWhoDidWhat) {
  constexpr Index n = 3000;
  ExactSum expected;
  for (Index i = 0; i < n; ++i) expected.add(sample<double>(i, 3));
  WorkQueue queue(world(), n, 1, "items");
  for (int turn = 0; turn < 3; ++turn) {
    ExactAccumulator mine;
    volatile double work = 0;
    queue.for_each([&](Index i) {
      for (Index k = 0; k < (i * world().rank()) % 500; ++k) work = work + 1;
      mine += sample<double>(i, 3);
    });
    EXPECT_EQ(bits_of(sum(world(), mine)), bits_of(expected.round()));
    queue.reset();
  }
}

TEST(WorkQueue, SeveralAtATimeDoNotMix) {
  std::vector<std::optional<WorkQueue>> queues;
  for (Index n = 0; n < 20; ++n) queues.emplace_back(WorkQueue(world(), n, 1));
  queues[7].reset();
  queues[11].reset();
  queues[7].emplace(world(), 40, 2);
  for (auto& queue : queues) {
    if (!queue) continue;
    const std::vector<std::int64_t> once(static_cast<std::size_t>(queue->size()), 1);
    EXPECT_EQ(times_handed_out(world(), *queue), once);
  }
}

// One rank keeps it longer than the others: its place must not be given to the next queue.
TEST(WorkQueue, EndsOnEachRankWhenItLikes) {
  for (int turn = 0; turn < 8; ++turn) {
    std::optional<WorkQueue> first, second;
    first.emplace(world(), 100, 1, "first");
    const bool later = world().rank() == turn % world().size();
    if (!later) first.reset();
    second.emplace(world(), 100, 1, "second");
    Index mine = 0;
    for (Range range = second->next(); range.count > 0; range = second->next()) {
      ++mine;
      if (later) first->next();
    }
    EXPECT_EQ(sum(world(), mine), 100);
  }
}

TEST(WorkQueue, LivesOnASubWorldAndInNestedOnes) {
  WorkQueue outer(world(), 50, 1, "outer");
  world().split(world().rank() % 2, [&](World& half) {
    WorkQueue queue(half, 60, 7, "of a half");
    EXPECT_EQ(times_handed_out(half, queue), std::vector<std::int64_t>(60, 1));
    half.split(0, [&](World& same) {
      WorkQueue inner(same, 30, 4, "inner");
      EXPECT_EQ(times_handed_out(same, inner), std::vector<std::int64_t>(30, 1));
    });
    queue.reset();
    EXPECT_EQ(times_handed_out(half, queue), std::vector<std::int64_t>(60, 1));
  });
  EXPECT_EQ(times_handed_out(world(), outer), std::vector<std::int64_t>(50, 1));
}

// Which do nothing together, and are in a hurry: Open MPI 4 mixes up what they make at once (host_turn.hpp).
TEST(WorkQueue, SubWorldsMayMakeThemAtOnce) {
#if defined(OPEN_MPI)
  constexpr int turns = 50;
#else
  constexpr int turns = 3;
#endif
  for (int turn = 0; turn < turns; ++turn)
    world().split(world().rank() % 2, [&](World& half) {
      WorkQueue queue(half, 20, 1, "of a half");
      EXPECT_EQ(times_handed_out(half, queue), std::vector<std::int64_t>(20, 1)) << turn;
    });
}

#if defined(OMPI_MAJOR_VERSION) && OMPI_MAJOR_VERSION < 5  // elsewhere they take no turns
TEST(WorkQueue, OfASubWorldIsRefusedWhereARankCannotTakeItsTurn) {
  world().split(world().rank() % 2, [&](World& half) {
    if (half.nodes() == 1) return;
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none{0, before.rlim_max};
    if (world().rank() == 0) setrlimit(RLIMIT_NOFILE, &none);
    const auto make = [&] { WorkQueue(half, 20, 1, "of a half"); };
    if (world().rank() % 2 == 0)
      EXPECT_NE(message_of<SystemError>(make).find("cannot be read"), std::string::npos);
    else
      EXPECT_NO_THROW(make());
    if (world().rank() == 0) setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_NO_THROW(make());
  });
}
#endif

TEST(WorkQueue, ARankThatFailsLeavesItsItemsToTheOthers) {
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    WorkQueue queue(world(), 200, 1, "items");
    Index done = 0, lost = 0;
    EXPECT_THROW(world().together("work",
                                  [&] {
                                    if (world().rank() == guilty) {
                                      lost = static_cast<Index>(
                                          queue.next().count);  // none, if the others were quicker
                                      throw FormatError("a bad item");
                                    }
                                    for (Range range = queue.next(); range.count > 0; range = queue.next())
                                      ++done;
                                  }),
                 FormatError);
    if (world().size() > 1) {
      EXPECT_EQ(sum(world(), done + lost), 200);
    }
  }
}

TEST(WorkQueue, NonsenseIsRefusedOnAllRanks) {
  const bool last = world().rank() == world().size() - 1;
  EXPECT_EQ(message_of<DistributionError>([] { WorkQueue(world(), -1, 1, "q"); }),
            "q: -1 items; give 0 or more");
  EXPECT_EQ(message_of<DistributionError>([] { WorkQueue(world(), 5, 0, "q"); }),
            "q: 0 items at a time; give 1 or more");
  EXPECT_EQ(message_of<DistributionError>([&] { WorkQueue(world(), last ? -1 : 5, "q"); }),
            "q: -1 items; give 0 or more");
  if (world().size() > 1) {
    EXPECT_THROW(WorkQueue(world(), last ? 5 : 6, 1, "q"), MismatchError);
    EXPECT_THROW(WorkQueue(world(), 5, last ? 1 : 2, "q"), MismatchError);
    WorkQueue one(world(), 5, 1, "same"), other(world(), 5, 1, "same");
    EXPECT_THROW((last ? one : other).reset(), MismatchError);
  }
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(WorkQueue, ManyAreRefusedWhereTheyShareAWindow) {
  if (world().nodes() == 1) GTEST_SKIP() << "on one node, each has memory of its own";
  std::vector<WorkQueue> queues;
  for (int i = 0; i < 256; ++i) queues.emplace_back(world(), 1, 1, "q");
  EXPECT_EQ(message_of<DistributionError>([] { WorkQueue(world(), 1, 1, "one more"); }),
            "one more: this World has 256 such counters already; let some of them end first");
  queues.pop_back();
  WorkQueue(world(), 1, 1, "one more");
  for (WorkQueue& queue : queues)
    EXPECT_EQ(times_handed_out(world(), queue), std::vector<std::int64_t>(1, 1));
}

}  // namespace
}  // namespace tutti

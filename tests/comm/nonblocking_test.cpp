// Nonblocking operations where all goes well, and where a program catches what went wrong and goes on. (What
// ends a program: tests/faults.)
#include "tutti/comm/nonblocking.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

template <class Expected, class F>
Expected caught(const F& f) {
  try {
    f();
  } catch (const Expected& error) {
    return error;
  }
  ADD_FAILURE() << "rank " << world().rank() << ": nothing was thrown";
  throw std::logic_error("nothing was thrown");
}

// Tries out that both channels are in step.
void expect_all_is_well(const World& w) {
  Pending<double> pending = isum(w, 1.0);
  EXPECT_EQ(sum(w, 1), w.size());
  EXPECT_EQ(pending.get(), w.size());
}

TEST(Nonblocking, SumsHaveTheBitsOfTheBlockingOnes) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double me = world().rank() + 1;
  const std::vector<double> values{me,
                                   0.1 * me,
                                   -0.0,
                                   std::numeric_limits<double>::denorm_min() * me,
                                   std::numeric_limits<double>::max(),
                                   me == 1 ? infinity : 1.0,
                                   me == 1 ? infinity : -infinity,
                                   me == 1 ? std::nan("") : 1.0,
                                   std::ldexp(me, (world().rank() % 2 == 0 ? 1 : -1) * 900)};
  for (const double value : values)
    EXPECT_EQ(bits(isum(world(), value).get()), bits(sum(world(), value))) << value;
  ExactSum wide;  // bits far apart, which a packet of 64 bytes does not hold
  wide.add(std::ldexp(1.0, 1000));
  wide.add(std::ldexp(me, -1000));
  if (world().rank() != 0) wide.subtract(std::ldexp(1.0, 1000));
  EXPECT_EQ(bits(isum(world(), wide).get()), bits(sum(world(), wide)));
}

TEST(Nonblocking, ManyAreUnderWayAndAreFetchedInAnyOrder) {
  constexpr int count = 200;
  std::vector<Pending<double>> pending;
  for (int i = 0; i < count; ++i) {
    pending.push_back(isum(world(), i * (world().rank() + 1.0)));
    if (i % 50 == 49) barrier(world());
  }
  const int size = world().size();
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>((world().rank() % 2 == 0 ? i : count - 1 - i) * 7 % count);
    EXPECT_EQ(pending[at].get(), static_cast<double>(at) * size * (size + 1) / 2);
  }
}

TEST(Nonblocking, TestEndsTrueAndBroadcastsBringTheRootsElements) {
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, std::size_t{139}, std::size_t{140}, std::size_t{100000}}) {
    for (int root = 0; root < world().size(); ++root) {
      std::vector<std::int64_t> values(length);
      if (world().rank() == root) std::iota(values.begin(), values.end(), root);
      Pending<std::vector<std::int64_t>> first = ibroadcast(world(), values, root);
      Pending<double> between = isum(world(), 0.5);
      Pending<std::vector<std::int64_t>> second = ibroadcast(world(), values, root);
      while (!second.test()) {
      }
      std::vector<std::int64_t> expected(length);
      std::iota(expected.begin(), expected.end(), root);
      EXPECT_EQ(second.get(), expected);
      EXPECT_EQ(between.get(), 0.5 * world().size());
      EXPECT_EQ(first.get(), expected);
    }
  }
}

TEST(Nonblocking, LongBroadcastsTravelInPieces) {
  world().split(0, [&](World& sub) {
    sub.context().channel().set_piece(1000);
    std::vector<float> values(10001, sub.rank() == 0 ? 1.5F : 0.0F);
    Pending<std::vector<float>> pending = ibroadcast(sub, values, 0);
    EXPECT_EQ(pending.get(), std::vector<float>(10001, 1.5F));
  });
}

TEST(Nonblocking, WhatNobodyFetchesIsDroppedInOrder) {
  for (int i = 0; i < 10; ++i) {
    isum(world(), 1.0);
    ibroadcast(world(), std::vector<double>(1000, 1.0), world().size() - 1);
  }
  Pending<double> replaced = isum(world(), 1.0);
  replaced = isum(world(), 2.0);
  EXPECT_EQ(replaced.get(), 2.0 * world().size());
  caught<DistributionError>([&] { replaced.get(); });
}

TEST(Nonblocking, SomeRanksWaitWhileOthersAreInACollective) {
  for (int i = 0; i < 20; ++i) {
    Pending<std::vector<double>> pending =
        ibroadcast(world(), std::vector<double>(5000, world().rank()), i % world().size());
    if (world().rank() % 2 == 0) {
      EXPECT_EQ(pending.get()[4999], i % world().size());
      barrier(world());
    } else {
      barrier(world());
      EXPECT_EQ(pending.get()[4999], i % world().size());
    }
  }
}

// A rank that waits long listens for failures; nothing may come of that where there are none.
TEST(Nonblocking, AWaitThatTakesLongChangesNothing) {
  for (int late = 0; late < world().size(); ++late) {
    if (world().rank() == late) std::this_thread::sleep_for(std::chrono::milliseconds(40));
    EXPECT_EQ(isum(world(), 1.0).get(), world().size());
    EXPECT_EQ(sum(world(), 1), world().size());
    if (world().rank() == late) std::this_thread::sleep_for(std::chrono::milliseconds(40));
    Pending<double> first = isum(world(), 1.0), second = isum(world(), 2.0);
    if (world().rank() == late) barrier(world());
    EXPECT_EQ(second.get(), 2.0 * world().size());
    EXPECT_EQ(first.get(), world().size());
    if (world().rank() != late) barrier(world());
  }
}

TEST(Nonblocking, WorksInSubWorldsBesideTheOuterOne) {
  Pending<double> outer = isum(world(), 1.0);
  std::optional<Pending<double>> kept;
  const int colour = world().rank() % 2;
  world().split(colour, [&](World& sub) {
    if (colour == 0) {  // the other colour has no nonblocking operation of its own
      Pending<double> inner = isum(sub, 1.0);
      kept = isum(sub, 3.0);
      EXPECT_EQ(inner.get(), sub.size());
    }
    Pending<std::vector<int>> both = ibroadcast(world(), std::vector<int>(2000, world().rank()), 0);
    if (sub.rank() == 0) {
      EXPECT_EQ(both.get()[1999], 0);
    }
    barrier(sub);
    if (sub.rank() != 0) {
      EXPECT_EQ(both.get()[1999], 0);
    }
    EXPECT_EQ(sum(world(), 1), world().size());
  });
  EXPECT_EQ(outer.get(), world().size());
  if (kept) {
    EXPECT_EQ(kept->get(), 3.0 * ((world().size() + 1) / 2));
  }
  expect_all_is_well(world());
}

TEST(Nonblocking, WorksInTogetherAndInAWorldOfItsOwn) {
  World other = world_from(MPI_COMM_SELF);
  Pending<double> alone = isum(other, 5.0);
  Pending<double> before = isum(world(), 1.0);
  world().together("sum up", [&] {
    Pending<double> inside = isum(world(), 2.0);
    EXPECT_EQ(before.get(), world().size());
    EXPECT_EQ(inside.get(), 2.0 * world().size());
  });
  EXPECT_EQ(alone.get(), 5);
  expect_all_is_well(other);
}

TEST(Nonblocking, OtherOperationsCountsAndRootsAreMismatches) {
  if (world().size() == 1) return;
  const bool odd = world().rank() == 1;
  const auto first = caught<MismatchError>([&] {
    if (odd)
      ibroadcast(world(), std::vector<int>(3), 0).get();
    else
      isum(world(), 1.0).get();
  });
  EXPECT_NE(first.message().find("isum float64 n=1 at nonblocking_test.cpp:"), std::string::npos)
      << first.message();
  EXPECT_NE(first.message().find("rank 1: ibroadcast int32 n=3 root=0 at nonblocking_test.cpp:"),
            std::string::npos)
      << first.message();
  expect_all_is_well(world());
  caught<MismatchError>([&] { ibroadcast(world(), std::vector<int>(odd ? 3000 : 3001), 0).get(); });
  expect_all_is_well(world());
  caught<MismatchError>([&] { ibroadcast(world(), std::vector<int>(3000), odd ? 0 : 1).get(); });
  expect_all_is_well(world());
  // Heard in a collective, too, by those that do not wait for the result.
  Pending<std::vector<int>> dropped = ibroadcast(world(), std::vector<int>(odd ? 1 : 2), 0);
  caught<MismatchError>([&] {
    if (world().rank() == 0) dropped.get();
    barrier(world());
  });
  expect_all_is_well(world());
}

TEST(Nonblocking, OrderAgainstCollectivesIsCompared) {
  if (world().size() == 1) return;
  const bool odd = world().rank() == 1;
  std::optional<Pending<double>> pending;
  const auto error = caught<MismatchError>([&] {
    if (odd) sum(world(), 1.0);
    pending = isum(world(), 1.0);
    if (!odd) sum(world(), 1.0);
  });
  EXPECT_NE(error.message().find("isum float64 n=1 at"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("rank 1: sum float64 n=1 at"), std::string::npos) << error.message();
  expect_all_is_well(world());
  if (pending) caught<MismatchError>([&] { pending->get(); });  // which not all ranks have begun
  // A rank waits for the result, the others are in a collective.
  caught<MismatchError>([&] {
    if (odd)
      barrier(world());
    else
      isum(world(), 1.0).get();
  });
  expect_all_is_well(world());
  caught<MismatchError>([&] {
    for (int i = 0; i < (odd ? 1 : 3); ++i) pending = isum(world(), 1.0);
    if (world().rank() == 0)
      while (!pending->test()) {
      }
    pending->get();
    barrier(world());
    isum(world(), 1.0);
  });
  expect_all_is_well(world());
}

TEST(Nonblocking, FailuresAreHeardInGetAndTheWorldGoesOn) {
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    Pending<double> before = isum(world(), 1.0);
    const auto error = caught<ShapeError>([&] {
      world().together("work", [&] {
        Pending<double> first = isum(world(), 1.0);
        if (world().rank() == guilty) throw ShapeError("odd");
        first.get();
        Pending<double> second = isum(world(), 2.0);
        second.get();
        ADD_FAILURE() << "the second sum came";
      });
    });
    EXPECT_EQ(error.message(), "odd");
    EXPECT_EQ(error.rank(), guilty);
    EXPECT_EQ(before.get(), world().size());
    expect_all_is_well(world());
  }
}

TEST(Nonblocking, FailuresInASubWorldAreHeardByThoseWhoWait) {
  if (world().size() == 1) return;
  for (const bool waits_outside : {false, true}) {
    caught<ShapeError>([&] {
      world().split(0, [&](World& sub) {
        if (world().rank() == 1) throw ShapeError("odd");
        const World& where = waits_outside ? world() : sub;
        isum(where, 1.0).get();
        isum(where, 1.0).get();
      });
    });
    expect_all_is_well(world());
  }
}

TEST(Nonblocking, MismatchesThatNobodyFetchedAreToldAtTheEndOfTheWorld) {
  if (world().size() == 1) return;
  const auto error = caught<MismatchError>([&] {
    world().split(0, [&](World& sub) { ibroadcast(sub, std::vector<int>(world().rank() == 1 ? 1 : 2), 0); });
  });
  EXPECT_NE(error.message().find("of a sub-world"), std::string::npos) << error.message();
  expect_all_is_well(world());
}

}  // namespace
}  // namespace tutti

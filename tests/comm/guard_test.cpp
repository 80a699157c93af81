// What the guard promises to a program that catches errors and goes on. (What ends a program: tests/faults.)
#include <stdexcept>
#include <string>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

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

TEST(Guard, ErrorsOfOneRankKeepTypeAndDataOnAll) {
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    const auto error = caught<FileError>([&] {
      world().together("read", [&] {
        if (world().rank() == guilty) throw FileError("b.npy: no such file", {"b.npy", {2, 0}});
      });
    });
    EXPECT_EQ(error.message(), "b.npy: no such file");
    EXPECT_EQ(error.path(), "b.npy");
    EXPECT_EQ(error.error_number(), 2);
    EXPECT_EQ(error.rank(), guilty);
    EXPECT_FALSE(error.node().empty());
  }
  EXPECT_EQ(sum(world(), 1), world().size());  // and the World goes on
}

TEST(Guard, TheLowestFailingRankSpeaks) {
  const auto error = caught<RemoteError>([&] {
    world().together("fail", [&] { throw std::runtime_error("I am " + std::to_string(world().rank())); });
  });
  EXPECT_EQ(error.message(), "I am 0");
  EXPECT_EQ(error.foreign_type(), "std::runtime_error");
  EXPECT_EQ(error.rank(), 0);
}

TEST(Guard, ForeignThingsBecomeRemoteErrorsEverywhere) {
  const auto error = caught<RemoteError>([&] {
    world().together("fail", [&] {
      if (world().rank() == world().size() - 1) throw 42;
    });
  });
  EXPECT_EQ(error.foreign_type(), "int");
}

TEST(Guard, FailureInsideTogetherReachesCollectivesInside) {
  const auto error = caught<ShapeError>([&] {
    world().together("outer", [&] {
      if (world().rank() == 0) throw ShapeError("odd");
      barrier(world());  // rank 0 never comes
      ADD_FAILURE() << "the barrier returned";
    });
  });
  EXPECT_EQ(error.rank(), 0);
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Guard, AgreedErrorsPassThroughNestedTogethers) {
  for (int round = 0; round < 3; ++round) {
    caught<ShapeError>([&] {
      world().together("outer", [&] {
        world().together("inner", [&] {
          if (world().rank() == world().size() / 2) throw ShapeError("odd");
        });
      });
    });
    EXPECT_EQ(sum(world(), 1), world().size());
  }
}

TEST(Guard, AnErrorCanBeCaughtInsideAndReplacedByAnother) {
  const auto error = caught<UsageError>([&] {
    world().together("outer", [&] {
      try {
        world().together("inner", [] { throw ShapeError("odd"); });
      } catch (const ShapeError&) {
      }
      if (world().rank() == 0) throw UsageError("another");
    });
  });
  EXPECT_EQ(error.message(), "another");
}

TEST(Guard, MismatchNamesBothPlacesAndTheWorldGoesOn) {
  if (world().size() == 1) return;
  const auto error = caught<MismatchError>([&] {
    if (world().rank() == 1)
      barrier(world());
    else
      sum(world(), 1.0);
  });
  EXPECT_NE(error.message().find("collective mismatch at #"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("rank 1: barrier at guard_test.cpp:"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("sum float64 n=1 at guard_test.cpp:"), std::string::npos) << error.message();
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Guard, TypeCountAndRootAreCompared) {
  if (world().size() == 1) return;
  const bool odd = world().rank() == 1;
  caught<MismatchError>(
      [&] { odd ? static_cast<void>(min(world(), 1.0)) : static_cast<void>(min(world(), 1.0F)); });
  caught<MismatchError>([&] {
    std::vector<int> values(odd ? 11U : 10U);
    broadcast(world(), values, 0);
  });
  caught<MismatchError>([&] { broadcast(world(), 1.0, odd ? 1 : 0); });
  caught<MismatchError>(
      [&] { odd ? static_cast<void>(min(world(), 1.0)) : static_cast<void>(max(world(), 1.0)); });
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Guard, CallsFromDifferentLinesAreLegal) {
  const double x = world().rank() == 0 ? sum(world(), 1.0) : sum(world(), 1.0);
  EXPECT_EQ(x, world().size());
}

TEST(Guard, TogetherAgainstACollectiveIsAMismatch) {
  if (world().size() == 1) return;
  caught<MismatchError>([&] {
    if (world().rank() == 0)
      world().together("alone", [] {});
    else
      barrier(world());
  });
}

TEST(Guard, RunTellsErrorsOnceAndReturnsTheirCode) {
  testing::internal::CaptureStderr();
  const int code = run(MPI_COMM_WORLD, [](World& w) {
    if (w.rank() == w.size() - 1) throw FormatError("a.npy: cut");
    barrier(w);
  });
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code, 65);
  if (world().rank() == 0) {
    EXPECT_TRUE(told.starts_with("tutti: error: ")) << told;
    EXPECT_TRUE(told.ends_with("a.npy: cut\n")) << told;
    EXPECT_EQ(told.find("tutti", 5), std::string::npos) << told;
  } else {
    EXPECT_EQ(told, "");
  }
}

TEST(Guard, OtherWorldsRestInsideTogether) {
  world().split(0, [&](World& sub) {
    caught<DistributionError>([&] { sub.together("inner", [&] { barrier(world()); }); });
    barrier(sub);
    barrier(world());
  });
}

}  // namespace
}  // namespace tutti

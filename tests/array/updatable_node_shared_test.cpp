#include "tutti/array/updatable_node_shared.hpp"

#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"
#include "write_faults.hpp"

namespace tutti {
namespace {

using testing_world::world;

TEST(UpdatableNodeShared, EveryStepIsSeenByAll) {
  for (const Index n : {Index{0}, Index{1}, Index{5}, Index{513}, Index{10007}}) {
    UpdatableNodeShared<std::int64_t> x(world(), n, "x");
    const std::int64_t* memory = nullptr;
    for (int step = 1; step <= 5; ++step) {
      x.update([&](std::span<std::int64_t> part, Index first) {
        for (std::int64_t& element : part) element += step * ++first;  // on what it was
      });
      if (step == 1) memory = x.view().data();
      ASSERT_EQ(x.view().data(), memory);
      ASSERT_EQ(x.view().size(), static_cast<std::size_t>(n));
      const int times = step * (step + 1) / 2;
      if (n > 0) {
        EXPECT_TRUE(write_faults(&x.view()[static_cast<std::size_t>(n / 2)]));
      }
      for (Index i = 0; i < n; ++i) ASSERT_EQ(x.view()[static_cast<std::size_t>(i)], times * (i + 1));
    }
  }
}

TEST(UpdatableNodeShared, WaitsUntilAllHaveEndedReading) {
  UpdatableNodeShared<std::int64_t> x(world(), 2 * world().size(), "x");
  for (int step = 0; step < 20; ++step) {
    x.update([&](std::span<std::int64_t> part, Index) {
      for (std::int64_t& element : part) element = step;
    });
    for (int turn = 0; turn < 50; ++turn)  // others may already wait to write
      for (const std::int64_t element : x.view())
        ASSERT_EQ(*static_cast<const volatile std::int64_t*>(&element), step);
  }
}

TEST(UpdatableNodeShared, IsNotSeenBeforeTheFirstUpdateNorAfterAFailedOne) {
  UpdatableNodeShared<double> x(world(), 100, "positions");
  const auto expect_hidden = [&] {
    try {
      (void)x.view();
      FAIL() << "nobody has filled it";
    } catch (const DistributionError& error) {
      EXPECT_EQ(error.message(),
                "positions: nobody has filled it yet; call update() on all ranks before view()");
    }
  };
  const auto ones = [](std::span<double> part, Index) {
    for (double& element : part) element = 1;
  };
  expect_hidden();
  x.update(ones);
  EXPECT_EQ(x.view()[99], 1);
  EXPECT_THROW(x.update([&](std::span<double>, Index) {
    if (world().rank() == world().size() - 1) throw IoError("a disk", {"x", {}});
  }),
               IoError);
  expect_hidden();
  x.update(ones);
  EXPECT_EQ(x.view()[0], 1);
}

TEST(UpdatableNodeShared, IsBookedOncePerNode) {
  const UpdatableNodeShared<float> x(world(), 1000, "positions");
  EXPECT_EQ(world().ledger().now()[memory::Category::node_shared], 4000U);
  EXPECT_EQ(world().ledger().now().rank_bytes(), 0U);
}

TEST(UpdatableNodeShared, IsNotANodeShared) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  EXPECT_THROW(UpdatableNodeShared<float>(world(), 10, world().rank() == 0 ? "x" : "y"), MismatchError);
  EXPECT_THROW(UpdatableNodeShared<float>(world(), -1, "x"), DistributionError);
}

}  // namespace
}  // namespace tutti

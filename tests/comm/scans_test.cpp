// Scans of one value a rank, against what one rank would compute.
#include "tutti/comm/scans.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "tutti/comm/reductions.hpp"
#include "tutti/core/random.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

double value_of(int rank, std::uint64_t seed) {
  const Random random(seed);
  return std::ldexp(random.uniform(rank) - 0.5, static_cast<int>(random.bits(rank, 1) % 400) - 200);
}

TEST(Scans, AreRoundedFromTheExactSumsOfTheRanksBefore) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    ExactSum before;
    for (int rank = 0; rank < world().rank(); ++rank) before.add(value_of(rank, seed));
    ExactSum with = before;
    const double mine = value_of(world().rank(), seed);
    with.add(mine);
    EXPECT_EQ(exclusive_scan(world(), mine), before.round());
    EXPECT_EQ(inclusive_scan(world(), mine), with.round());
    ExactSum part;
    part.add(mine);
    EXPECT_EQ(exclusive_scan(world(), part), before);
    EXPECT_EQ(inclusive_scan(world(), part), with);
  }
}

TEST(Scans, NaNAndInfinitiesReachTheRanksAfter) {
  const int last = world().size() - 1;
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(inclusive_scan(world(), world().rank() == last ? infinity : 1.0),
            world().rank() == last ? infinity : world().rank() + 1.0);
  const double sum = exclusive_scan(world(), world().rank() % 2 == 0 ? infinity : -infinity);
  if (world().rank() == 0) {
    EXPECT_EQ(sum, 0);
  } else if (world().rank() == 1) {
    EXPECT_EQ(sum, infinity);
  } else {
    EXPECT_TRUE(std::isnan(sum));
  }
}

TEST(Scans, OfIntegersAreExact) {
  const int rank = world().rank();
  EXPECT_EQ(exclusive_scan(world(), 10 * rank), 5 * rank * (rank - 1));
  EXPECT_EQ(inclusive_scan(world(), 10 * rank), 5 * rank * (rank + 1));
  const Index large = Index{1} << 60U;
  EXPECT_EQ(inclusive_scan(world(), -large), -large * (rank + 1));
  // Sums that fit, of magnitudes that do not.
  const Index most = std::numeric_limits<Index>::max();
  EXPECT_EQ(inclusive_scan(world(), rank % 2 == 0 ? most : -most), rank % 2 == 0 ? most : 0);
  EXPECT_EQ(exclusive_scan(world(), rank == world().size() - 1 ? std::numeric_limits<Index>::min() : 1),
            rank);
}

TEST(Scans, IntegersThatDoNotFitAreAnErrorOnAllRanks) {
  if (world().size() < 3) return;
  const Index most = std::numeric_limits<Index>::max();
  for (const Index sign : {1, -1}) {
    try {
      exclusive_scan(world(), sign * (world().rank() < 2 ? most : 0));
      FAIL() << "rank 2 has two of the largest before it";
    } catch (const RangeError& error) {
      EXPECT_NE(error.message().find(text("on rank 2 the sum ", Int128{most} * 2 * sign, " does not fit")),
                std::string::npos)
          << error.message();
    }
    EXPECT_EQ(sum(world(), 1), world().size());
  }
}

TEST(Scans, RanksThatScanDifferentlyAreToldSo) {
  if (world().size() == 1) return;
  EXPECT_THROW(world().rank() == 0 ? inclusive_scan(world(), 1.0) : exclusive_scan(world(), 1.0),
               MismatchError);
}

}  // namespace
}  // namespace tutti

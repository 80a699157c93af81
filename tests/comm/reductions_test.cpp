#include "tutti/comm/reductions.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan = std::numeric_limits<double>::quiet_NaN();

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

TEST(Sum, OfDoublesIsExact) {
  // 2^60, then 1 from everyone, then -2^60: an ordinary sum loses the ones.
  const double mine = (world().rank() == 0 ? 0x1p60 : 0.0);
  ExactSum part;
  part.add(mine);
  part.add(1.0);
  part.add(world().rank() == world().size() - 1 ? -0x1p60 : 0.0);
  EXPECT_EQ(sum(world(), part), world().size());
  EXPECT_EQ(sum(world(), 0.5), 0.5 * world().size());
}

TEST(Sum, ThatDoesNotFitAPacketTakesASecondRound) {
  ExactSum part;
  part.add(world().rank() == 0 ? 0x1p1000 : 0x1p-1000);
  const ExactSum whole = exact_sum(world(), part);
  ExactSum expected;
  expected.add(0x1p1000);
  for (int r = 1; r < world().size(); ++r) expected.add(0x1p-1000);
  EXPECT_EQ(whole, expected);
  EXPECT_EQ(sum(world(), part), 0x1p1000);
}

TEST(Sum, OfSpecialsFollowsTheRules) {
  const bool last = world().rank() == world().size() - 1;
  EXPECT_EQ(sum(world(), last ? infinity : 1.0), infinity);
  EXPECT_EQ(sum(world(), last ? -infinity : 1.0), -infinity);
  EXPECT_EQ(bits(sum(world(), last ? -nan : 1.0)), bits(nan));
  EXPECT_EQ(bits(sum(world(), -0.0)), bits(0.0));
  if (world().size() > 1) {
    EXPECT_EQ(bits(sum(world(), last ? infinity : -infinity)), bits(nan));
  }
}

// What each rank gives, in turn, as one of several sums.
double given(std::size_t which, int rank) {
  constexpr double usual[] = {0.1, -3e7, 1e-9, 17.25};
  constexpr double wide[] = {0x1p-1074, 0x1p1000, -0x1p1000, 1.0};
  switch (which % 5) {
    case 0:
      return usual[rank % 4];
    case 1:
      return rank == 0 ? 0.0 : -usual[rank % 3];
    case 2:
      return wide[rank % 4];
    case 3:
      return rank == 1 ? -nan : rank == 2 ? infinity : wide[(rank + 1) % 4];
    default:
      return rank == 0 ? infinity : 0x1p1000;
  }
}

TEST(SeveralSums, AreEachWhatOneSumWouldBe) {
  // All of a kind, and any two next to each other; 0 of them, and more than one message of digits has use
  // for.
  for (const std::vector<std::size_t>& which : std::vector<std::vector<std::size_t>>{{},
                                                                                     {0},
                                                                                     {2},
                                                                                     {0, 1},
                                                                                     {1, 2},
                                                                                     {2, 3},
                                                                                     {3, 4},
                                                                                     {4, 0},
                                                                                     {0, 1, 0},
                                                                                     {0, 1, 2, 3, 4},
                                                                                     {1, 1, 1, 1, 1, 1}}) {
    std::vector<ExactSum> parts(which.size()), expected(which.size());
    for (std::size_t i = 0; i < which.size(); ++i) {
      parts[i].add(given(which[i], world().rank()));
      for (int rank = 0; rank < world().size(); ++rank) expected[i].add(given(which[i], rank));
    }
    EXPECT_EQ(exact_sum(world(), parts), expected);
    const std::vector<double> rounded_sums = sum(world(), parts);
    ASSERT_EQ(rounded_sums.size(), parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
      EXPECT_EQ(bits(rounded_sums[i]), bits(expected[i].round()));
  }
}

TEST(SeveralSums, ThatCancelLeaveZerosOfOneKind) {
  for (const std::size_t count : {2U, 3U}) {
    std::vector<ExactSum> parts(count);
    for (ExactSum& part : parts) part.add(world().rank() == 0 ? 1 - world().size() : 1);
    const std::vector<ExactSum> sums = exact_sum(world(), parts);
    for (const ExactSum& sum : sums) EXPECT_EQ(sum, ExactSum());
  }
}

TEST(SeveralSums, OfRanksThatDisagreeOnTheirNumberAreAMismatch) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  for (const std::size_t count : {0U, 1U, 2U, 3U, 4U}) {
    const std::vector<ExactSum> parts(world().rank() == 0 ? count : count + 1);
    EXPECT_THROW(sum(world(), parts), MismatchError);
  }
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Sum, OfIntegersIsExactOrAnError) {
  EXPECT_EQ(sum(world(), -3), -3 * world().size());
  const Index big = Index{1} << 62U;
  EXPECT_EQ(sum(world(), world().rank() == 0 ? big : Index{-1}), big - (world().size() - 1));
  if (world().size() > 1) {
    EXPECT_THROW(sum(world(), std::numeric_limits<Index>::max()), RangeError);
  }
}

TEST(Sum, RoundedIsAvailable) { EXPECT_EQ(sum(world(), 0.25, rounded), 0.25 * world().size()); }

TEST(MinMax, OfAllTypes) {
  const int r = world().rank(), last = world().size() - 1;
  EXPECT_EQ(min(world(), -1.5 * r), -1.5 * last + 0.0);
  EXPECT_EQ(max(world(), -1.5 * r), 0);
  EXPECT_EQ(min(world(), static_cast<float>(r)), 0.0F);
  EXPECT_EQ(max(world(), std::int32_t{r - 5}), last - 5);
  EXPECT_EQ(min(world(), std::numeric_limits<std::int64_t>::min() + r),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(max(world(), std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(r)),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(min(world(), r == last ? -infinity : 1.0), -infinity);
  EXPECT_EQ(max(world(), r == last ? 5e-324 : -5e-324), 5e-324);
}

TEST(MinMax, NanWinsAndTheFirstZeroKeepsItsSign) {
  const bool last = world().rank() == world().size() - 1;
  EXPECT_EQ(bits(min(world(), last ? -nan : -infinity)), bits(nan));
  EXPECT_EQ(bits(max(world(), last ? nan : infinity)), bits(nan));
  EXPECT_EQ(bits(min(world(), world().rank() == 0 ? -0.0 : 0.0)), bits(-0.0));
  EXPECT_EQ(bits(max(world(), world().rank() == 0 ? 0.0 : -0.0)), bits(0.0));
}

TEST(AnyAll, AreWhatTheySay) {
  const bool first = world().rank() == 0;
  EXPECT_TRUE(any(world(), first));
  EXPECT_FALSE(any(world(), false));
  EXPECT_TRUE(all(world(), true));
  EXPECT_EQ(all(world(), first), world().size() == 1);
}

TEST(Elements, SumsAreExactAndEqualEverywhere) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i)
      values[i] = world().rank() == 0                    ? 0x1p60
                  : world().rank() == world().size() - 1 ? -0x1p60
                                                         : static_cast<double>(i);
    sum_elements(world(), values);
    for (std::size_t i = 0; i < n; ++i) {
      const double expected = world().size() == 1 ? 0x1p60 : static_cast<double>(i) * (world().size() - 2);
      EXPECT_EQ(values[i], expected);
    }
  }
}

TEST(Elements, ManyElementsGoInChunks) {
  std::vector<std::int32_t> values(5'000'000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::int32_t>(i) % 1000 + world().rank();
  sum_elements(world(), values);
  const int ranks = world().size();
  bool right = true;
  for (std::size_t i = 0; i < values.size(); ++i)
    right &= values[i] == static_cast<std::int32_t>(i) % 1000 * ranks + ranks * (ranks - 1) / 2;
  EXPECT_TRUE(right);
}

// Whole sums and single ones go different ways by their number: with 7 ranks these are all of them.
template <class T>
void expect_sums_of_integers() {
  for (const std::size_t n : {std::size_t{10}, std::size_t{2000}, std::size_t{40000}}) {
    std::vector<T> values(n);
    const T largest = std::numeric_limits<T>::max(), smallest = std::numeric_limits<T>::min();
    const int rank = world().rank();
    for (std::size_t i = 0; i < n; ++i)  // extremes that cancel, or small numbers
      values[i] = i % 2 == 0 ? static_cast<T>(i % 11) : rank == 0 ? largest : rank == 1 ? smallest : T{1};
    sum_elements(world(), values);
    const auto ranks = static_cast<T>(world().size());
    bool right = true;
    for (std::size_t i = 0; i < n; ++i)
      right &= values[i] == (i % 2 == 0   ? static_cast<T>(static_cast<T>(i % 11) * ranks)
                             : ranks == 1 ? largest
                                          : static_cast<T>(largest + smallest + (ranks - 2)));
    EXPECT_TRUE(right) << n;
    if (world().size() == 1) continue;
    values.assign(n, T{});
    values[n / 2] = largest;
    EXPECT_THROW(sum_elements(world(), values), RangeError);
  }
}

TEST(Elements, SumsOfIntegers) {
  expect_sums_of_integers<std::int32_t>();
  expect_sums_of_integers<std::int64_t>();
}

TEST(Elements, FloatsAreRoundedOnce) {
  if (world().size() < 3) return;
  // 1 + 2^-24 is halfway between two float32 numbers; 2^-60 decides, and would be lost in a float64.
  const float mine = world().rank() == 0   ? 1.0F
                     : world().rank() == 1 ? 0x1p-24F
                     : world().rank() == 2 ? 0x1p-60F
                                           : 0.0F;
  std::array<float, 1> value{mine};
  sum_elements(world(), value);
  EXPECT_EQ(value[0], 1.0F + 0x1p-23F);
}

TEST(Elements, IntegerOverflowIsAnErrorOnAllRanks) {
  if (world().size() == 1) return;
  std::array<std::int32_t, 3> values{1, std::numeric_limits<std::int32_t>::max(), 3};
  EXPECT_THROW(sum_elements(world(), values), RangeError);
}

TEST(Elements, MinimaAndMaxima) {
  std::array<double, 3> values{1.0 * world().rank(), -1.0 * world().rank(), world().rank() == 0 ? nan : 1.0};
  auto largest = values;
  min_elements(world(), values);
  max_elements(world(), largest);
  const double last = world().size() - 1;
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], -last);
  EXPECT_EQ(bits(values[2]), bits(nan));
  EXPECT_EQ(largest[0], last);
  EXPECT_EQ(largest[1], 0);
}

TEST(Keys, KeepTheOrderOfNumbers) {
  const std::array<double, 9> ordered{-infinity, -1e308, -1, -5e-324, 0, 5e-324, 1, 1e308, infinity};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      EXPECT_EQ(ordered[i] < ordered[j], comm::key(ordered[i]) < comm::key(ordered[j]));
      EXPECT_EQ(ordered[i]<ordered[j], comm::reverse_key(ordered[i])> comm::reverse_key(ordered[j]));
    }
  EXPECT_EQ(comm::key(-0.0), comm::key(0.0));
  EXPECT_LT(comm::key(nan), comm::key(-infinity));
  EXPECT_LT(comm::reverse_key(nan), comm::reverse_key(infinity));
}

}  // namespace
}  // namespace tutti

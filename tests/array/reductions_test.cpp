#include "tutti/array/reductions.hpp"

#include <limits>

#include "tutti/comm/collectives.hpp"
#include "tutti/exact/statistics.hpp"

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

constexpr std::uint64_t seed_x = 1, seed_y = 2;

template <class T>
DistVector<T> samples(Index n, const Layout& layout, std::uint64_t seed) {
  DistVector<T> x(world(), n, layout, seed == seed_x ? "x" : "y");
  x.fill([&](Index i) { return sample<T>(i, seed); });
  return x;
}

// Sums over the whole vector, term by term: ExactSum alone, and 128-bit integers for what is whole.
struct Whole {
  ExactSum sum, squares, magnitudes;
  Int128 integer_sum = 0, integer_magnitudes = 0;
};

template <class T>
Whole whole(Index n) {
  Whole result;
  for (Index i = 0; i < n; ++i) {
    const T value = sample<T>(i, seed_x);
    result.sum.add(value);
    result.squares.add_product(value, value);
    result.magnitudes.add(value < T{} ? static_cast<T>(-value) : value);
    if constexpr (std::integral<T>) {
      result.integer_sum += static_cast<Int128>(value);
      result.integer_magnitudes += value < T{} ? -static_cast<Int128>(value) : static_cast<Int128>(value);
    }
  }
  return result;
}

TEST(Reductions, AreThoseOfTheWholeVectorInAnyLayout) {
  Agreement agreed(world());
  for_each_type([&]<class T>() {
    for (const Index n : lengths()) {
      const Whole all = whole<T>(n);
      for (const Layout& layout : layouts(n, world().size())) {
        const DistVector<T> x = samples<T>(n, layout, seed_x);
        SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", sizeof(T), " bytes"));
        EXPECT_EQ(agreed.bits(sum(x)), expected_bits<T>(all.sum, all.integer_sum));
        EXPECT_EQ(agreed.bits(asum(x)), expected_bits<T>(all.magnitudes, all.integer_magnitudes));
        EXPECT_EQ(agreed.bits(norm2(x)), bits_of(exact::square_root(all.squares)));
        EXPECT_EQ(agreed.bits(mean(x)), bits_of(exact::mean(all.sum, n)));
        for (const Index ddof : {-1, 0, 1, 2})
          EXPECT_EQ(agreed.bits(variance(x, ddof)), bits_of(exact::variance(all.sum, all.squares, n, ddof)));
      }
    }
  });
}

template <class T, class U>
void check_dot(Index n, Agreement& agreed) {
  ExactSum expected;
  Int128 integer = 0;
  for (Index i = 0; i < n; ++i) {
    expected.add_product(sample<T>(i, seed_x), sample<U>(i, seed_y));
    if constexpr (std::integral<T> && std::integral<U>)
      integer += static_cast<Int128>(sample<T>(i, seed_x)) * static_cast<Int128>(sample<U>(i, seed_y));
  }
  for (const Layout& layout : layouts(n, world().size())) {
    const DistVector<T> x = samples<T>(n, layout, seed_x);
    const DistVector<U> y = samples<U>(n, layout, seed_y);
    SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", sizeof(T), " and ", sizeof(U), " bytes"));
    EXPECT_EQ(agreed.bits(dot(x, y)), (expected_bits<T, U>(expected, integer)));
  }
}

TEST(Dot, IsThatOfTheWholeVectorsForAllPairsOfTypes) {
  Agreement agreed(world());
  for_each_type([&]<class T>() {
    for_each_type([&]<class U>() {
      for (const Index n : {0, 5, 193}) check_dot<T, U>(n, agreed);
    });
  });
}

TEST(Dot, OfAVectorWithItselfIsItsSumOfSquares) {
  const DistVector<std::int64_t> x = samples<std::int64_t>(100, cyclic, seed_x);
  EXPECT_EQ(norm2(x), exact::square_root([&] {
              ExactSum squares;
              for (Index i = 0; i < 100; ++i)
                squares.add_product(sample<std::int64_t>(i, seed_x), sample<std::int64_t>(i, seed_x));
              return squares;
            }()));
  EXPECT_GT(dot(x, x), 0);
}

TEST(Dot, SurvivesTotalCancellation) {
  Agreement agreed(world());
  const Index n = 101;
  for (const Layout& layout : layouts(n, world().size())) {
    DistVector<double> x(world(), n, layout, "x"), y(world(), n, layout, "y");
    x.fill([&](Index i) {
      return i == n / 2 ? 1.0 : std::ldexp(1.0, static_cast<int>(i < n / 2 ? i : n - 1 - i) * 9);
    });
    y.fill([&](Index i) { return i == n / 2 ? 1.0 : std::ldexp(i < n / 2 ? 1.0 : -1.0, 500); });
    EXPECT_EQ(agreed.bits(dot(x, y)), bits_of(1.0)) << layout.name();
  }
}

// Worked by hand: 1 .. n has the mean (n + 1) / 2 and the variance (n^2 - 1) / 12.
TEST(Statistics, OfTheFirstWholeNumbers) {
  DistVector<std::int32_t> x(world(), 9, cyclic, "x");
  x.fill([](Index i) { return static_cast<std::int32_t>(i + 1); });
  EXPECT_EQ(mean(x), 5);
  EXPECT_EQ(variance(x), 80.0 / 12);
  EXPECT_EQ(variance(x, 1), 7.5);
  EXPECT_TRUE(std::isnan(variance(x, 9)));
  EXPECT_EQ(sum(x), 45);
  EXPECT_EQ(asum(x), 45);
}

TEST(Statistics, OfNothing) {
  Agreement agreed(world());
  const DistVector<double> x(world(), 0, block, "x");
  EXPECT_EQ(agreed.bits(sum(x)), bits_of(0.0));
  EXPECT_EQ(agreed.bits(dot(x, x)), bits_of(0.0));
  EXPECT_EQ(agreed.bits(norm2(x)), bits_of(0.0));
  const auto nan = bits_of(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(agreed.bits(mean(x)), nan);
  EXPECT_EQ(agreed.bits(variance(x)), nan);
}

TEST(Statistics, DoNotOverflowOnTheWay) {
  DistVector<double> x(world(), 4, block, "x");
  x.fill([](Index) { return 0x1p1023; });
  EXPECT_EQ(norm2(x), std::numeric_limits<double>::infinity());
  EXPECT_EQ(mean(x), 0x1p1023);
  EXPECT_EQ(variance(x), 0);
  x.fill([](Index i) { return i == 0 ? 0x1p1023 : 0; });
  EXPECT_EQ(norm2(x), 0x1p1023);
  x.fill([](Index) { return 0x1p-1074; });
  EXPECT_EQ(norm2(x), 0x1p-1073);
}

TEST(Integers, BeyondRangeAreAnErrorOnAllRanks) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  DistVector<std::int64_t> x(world(), 3, cyclic, "x");
  x.fill([&](Index i) { return i == 2 ? 0 : lowest; });
  try {
    dot(x, x);  // 2^127
    FAIL();
  } catch (const RangeError& error) {
    EXPECT_EQ(
        error.message(),
        "dot of x and x: about 1.7014118346046923e+38 is beyond 128-bit integers; make one operand float64");
  }
  EXPECT_EQ(sum(x), static_cast<Int128>(lowest) * 2);
  EXPECT_EQ(asum(x), static_cast<Int128>(1) << 64U);
  EXPECT_EQ(norm2(x), std::sqrt(2.0) * 0x1p63);
  x.fill([&](Index i) { return i == 1 ? lowest : 0; });
  EXPECT_EQ(dot(x, x), static_cast<Int128>(1) << 126U);
  DistVector<std::uint64_t> u(world(), 1, block, "u");
  u.fill([](Index) { return std::numeric_limits<std::uint64_t>::max(); });
  EXPECT_THROW(dot(u, u), RangeError);
  EXPECT_EQ(dot(u, samples<std::int32_t>(1, block, seed_x)),
            static_cast<Int128>(sample<std::int32_t>(0, seed_x)) * static_cast<Int128>(~std::uint64_t{0}));
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Specials, FollowTheRules) {
  Agreement agreed(world());
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto nan = bits_of(std::numeric_limits<double>::quiet_NaN());
  for (const Layout& layout : layouts(20, world().size())) {
    DistVector<double> x(world(), 20, layout, "x"), y(world(), 20, layout, "y");
    y.fill([](Index i) { return i == 19 ? 0.0 : 1.0; });
    x.fill([&](Index i) { return i == 3 ? infinity : -0x1p1023; });
    EXPECT_EQ(agreed.bits(sum(x)), bits_of(infinity));
    EXPECT_EQ(agreed.bits(dot(x, y)), bits_of(infinity));
    EXPECT_EQ(agreed.bits(variance(x)), nan);
    x.fill([&](Index i) { return i == 3 ? infinity : i == 17 ? -infinity : 1; });
    EXPECT_EQ(agreed.bits(sum(x)), nan);
    EXPECT_EQ(agreed.bits(asum(x)), bits_of(infinity));
    EXPECT_EQ(agreed.bits(norm2(x)), bits_of(infinity));
    x.fill([&](Index i) { return i == 19 ? infinity : 1; });
    EXPECT_EQ(agreed.bits(dot(x, y)), nan);  // inf * 0
    x.fill([&](Index i) { return i == 11 ? -std::numeric_limits<double>::quiet_NaN() : infinity; });
    EXPECT_EQ(agreed.bits(sum(x)), nan);
    EXPECT_EQ(agreed.bits(norm2(x)), nan);
    x.fill([](Index) { return -0.0; });
    EXPECT_EQ(agreed.bits(sum(x)), bits_of(0.0));
    x.fill([](Index) { return -0x1p1023; });
    EXPECT_EQ(agreed.bits(sum(x)), bits_of(-infinity));
  }
}

TEST(Operands, ThatDoNotFitAreAnErrorAndTheWorldGoesOn) {
  const DistVector<double> x(world(), 10, block, "x"), longer(world(), 11, block, "longer"),
      dealt(world(), 10, cyclic, "dealt");
  try {
    dot(x, longer);
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.message(), "dot: x has 10 elements, longer has 11; give vectors of equal length");
    EXPECT_EQ(error.left(), 10);
    EXPECT_EQ(error.right(), 11);
  }
  EXPECT_THROW(dot(x, longer, rounded), ShapeError);
  if (world().size() > 1) {
    EXPECT_THROW(dot(x, dealt), DistributionError);
    EXPECT_THROW(dot(dealt, x, rounded), DistributionError);
  } else {
    EXPECT_EQ(dot(x, dealt), 0);  // on one rank there is only one way to divide
  }
  world().split(0, [&](World& sub) {
    const DistVector<double> other(sub, 10, block, "other");
    EXPECT_THROW(dot(other, x), DistributionError);
    EXPECT_THROW(dot(x, other, rounded), DistributionError);
  });
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Operands, ThatDifferBetweenRanksAreAMismatch) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const DistVector<double> x(world(), 10, block, "x"), y(world(), 11, block, "y"),
      z(world(), 10, cyclic, "z");
  const bool first = world().rank() == 0;
  EXPECT_THROW(sum(first ? x : y), MismatchError);
  EXPECT_THROW(sum(first ? x : z), MismatchError);
  EXPECT_THROW(first ? sum(x) : asum(x), MismatchError);
  EXPECT_EQ(sum(x), 0);
}

TEST(RoundedSums, AreTheOrdinaryLoopOnOneRank) {
  Agreement agreed(world());
  const Index n = 300;
  DistVector<double> x(world(), n, block, "x"), y(world(), n, block, "y");
  x.fill([](Index i) { return 1 / (1.0 + static_cast<double>(i)); });
  y.fill([](Index i) { return i % 2 == 0 ? 1.0 : -0.3; });
  double plain_sum = 0, plain_asum = 0, plain_dot = 0, plain_squares = 0;
  for (Index i = 0; i < n; ++i) {
    const double a = 1 / (1.0 + static_cast<double>(i)), b = i % 2 == 0 ? 1.0 : -0.3;
    plain_sum += a;
    plain_asum += std::abs(b);
    plain_dot += a * b;
    plain_squares += a * a;
  }
  const double results[] = {sum(x, rounded), asum(y, rounded), dot(x, y, rounded), norm2(x, rounded)};
  const double plain[] = {plain_sum, plain_asum, plain_dot, std::sqrt(plain_squares)};
  for (int k = 0; k < 4; ++k) {
    agreed.bits(results[k]);
    if (world().size() == 1)
      EXPECT_EQ(results[k], plain[k]);
    else
      EXPECT_NEAR(results[k], plain[k], 1e-12 * std::abs(plain[k]));
  }
}

}  // namespace
}  // namespace tutti

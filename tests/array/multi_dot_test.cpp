#include "tutti/array/multi_dot.hpp"

#include <limits>

#include "tutti/comm/collectives.hpp"

#include "message_of.hpp"
#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

template <class T>
std::vector<DistVector<T>> basis(std::size_t count, Index n, const Layout& layout) {
  std::vector<DistVector<T>> vectors;
  for (std::size_t k = 0; k < count; ++k) {
    vectors.emplace_back(world(), n, layout, text("v", k));
    vectors.back().fill([&](Index i) { return sample<T>(i, 1 + k % 3); });  // some are equal
  }
  return vectors;
}

// Each dot() on oversubscribed cores takes its time: all layouts for one type, all types in one layout.
template <class T>
void check_lists(Index n, const Layout& layout, Agreement& agreed) {
  for (const std::size_t count : {1U, 2U, 4U}) {
    SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", count, " vectors of ", sizeof(T), " bytes"));
    const auto vectors = basis<T>(count, n, layout);
    const auto matrix = gram(vectors);
    ASSERT_EQ(matrix.size, count);
    ASSERT_EQ(matrix.values.size(), count * count);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = i; j < count; ++j) {
        EXPECT_EQ(agreed.bits(matrix(i, j)), bits_of(dot(vectors[i], vectors[j]))) << i << ", " << j;
        EXPECT_EQ(bits_of(matrix(j, i)), bits_of(matrix(i, j)));
      }
    const auto results = multi_dot(vectors[0], vectors);
    ASSERT_EQ(results.size(), count);
    for (std::size_t k = 0; k < count; ++k) EXPECT_EQ(agreed.bits(results[k]), bits_of(matrix(0, k)));
  }
}

TEST(MultiDot, AndGramHaveTheBitsOfDotForEachPair) {
  Agreement agreed(world());
  for (const Layout& layout : layouts(193, world().size())) check_lists<double>(193, layout, agreed);
  for (const Index n : {0, 1, 5, 100}) check_lists<double>(n, cyclic, agreed);
  for_each_type([&]<class T>() { check_lists<T>(70, cyclic, agreed); });
}

TEST(MultiDot, TakesVectorsByAddress) {
  DistVector<double> x(world(), 4, cyclic, "x"), y(world(), 4, cyclic, "y"), z(world(), 4, cyclic, "z");
  x.fill([](Index i) { return static_cast<double>(i + 1); });
  y.fill([](Index i) { return i == 0 ? 1.0 : 0.0; });
  z.fill([](Index) { return -1.0; });
  EXPECT_EQ(multi_dot(x, {&y, &z, &x}), (std::vector<double>{1, -10, 30}));
  EXPECT_EQ(multi_dot(x, {&y}), std::vector<double>{1});
  EXPECT_EQ(multi_dot(x, {&y, &z}), (std::vector<double>{1, -10}));
  EXPECT_EQ(multi_dot(x, {}), std::vector<double>{});
  const std::vector<const DistVector<double>*> list{&y, &x};
  EXPECT_EQ(multi_dot(x, list), (std::vector<double>{1, 30}));
  EXPECT_EQ(gram({&x, &y}).values, (std::vector<double>{30, 1, 1, 1}));
  EXPECT_EQ(gram(list).values, (std::vector<double>{1, 1, 1, 30}));
  const DistVector<double>& unchanging = z;
  EXPECT_EQ(gram({&unchanging, &unchanging})(1, 0), 4);
}

TEST(MultiDot, SurvivesTotalCancellationAndSpecialsInOneResultOnly) {
  Agreement agreed(world());
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Index n = 60;
  for (const Layout& layout : layouts(n, world().size())) {
    const auto make = [&](const char* name, auto f) {
      DistVector<double> vector(world(), n, layout, name);
      vector.fill(f);
      return vector;
    };
    const auto x = make("x", [](Index i) { return i == 7 ? 1.0 : i % 2 == 0 ? 0x1p1000 : -0x1p1000; });
    const auto same = make("same", [](Index) { return 0x1p-1000; });
    const auto usual = make("usual", [](Index i) { return i == 7 ? 0.1 : 0.0; });
    const auto infinite = make("infinite", [](Index i) { return i == 8 ? infinity : 1.0; });
    const auto undefined = make("undefined", [](Index i) {
      return i == 59 ? -infinity : i == 7 ? infinity : 0;
    });
    const auto results = multi_dot(x, {&same, &usual, &infinite, &undefined, &x});
    EXPECT_EQ(agreed.bits(results[0]), bits_of(1 + 0x1p-1000));
    EXPECT_EQ(agreed.bits(results[1]), bits_of(0.1));
    EXPECT_EQ(agreed.bits(results[2]), bits_of(infinity));
    EXPECT_EQ(agreed.bits(results[3]), bits_of(infinity));
    EXPECT_EQ(agreed.bits(results[4]), bits_of(infinity));
    const auto two = multi_dot(x, {&usual, &infinite});
    EXPECT_EQ(agreed.bits(two[0]), bits_of(0.1));
    EXPECT_EQ(agreed.bits(two[1]), bits_of(infinity));
  }
}

TEST(Lists, ThatDoNotFitAreAnErrorAndTheWorldGoesOn) {
  const DistVector<double> x(world(), 10, block, "x"), longer(world(), 11, block, "longer"),
      dealt(world(), 10, cyclic, "dealt");
  EXPECT_EQ(message_of<ShapeError>([&] {
              multi_dot(x, {&x, &longer});
            }),
            "multi_dot: x has 10 elements, longer has 11; give vectors of equal length");
  EXPECT_EQ(message_of<ShapeError>([&] {
              gram({&x, &x, &longer});
            }),
            "gram: x has 10 elements, longer has 11; give vectors of equal length");
  EXPECT_EQ(message_of<DistributionError>([&] {
              multi_dot(x, {&x, nullptr, &x});
            }),
            "multi_dot: vector 1 of the list is null; give its address");
  EXPECT_EQ(message_of<ShapeError>([&] { gram(std::vector<DistVector<double>>()); }),
            "gram: there is no first vector in the list; give one or more");
  EXPECT_THROW(multi_dot(x, {&longer}, rounded), ShapeError);
  EXPECT_THROW(gram({&x, &longer}, rounded), ShapeError);
  if (world().size() > 1) {
    EXPECT_THROW(multi_dot(x, {&x, &dealt}), DistributionError);
    EXPECT_THROW(gram({&dealt, &x}), DistributionError);
  }
  world().split(0, [&](World& sub) {
    const DistVector<double> other(sub, 10, block, "other");
    EXPECT_THROW(multi_dot(other, {&other, &x}), DistributionError);
  });
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Lists, ThatDifferBetweenRanksAreAMismatch) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const DistVector<double> x(world(), 10, block, "x");
  const bool first = world().rank() == 0;
  EXPECT_THROW(first ? multi_dot(x, {&x}) : multi_dot(x, {&x, &x}), MismatchError);
  EXPECT_THROW(first ? multi_dot(x, {&x, &x, &x}) : multi_dot(x, {&x, &x, &x, &x}), MismatchError);
  EXPECT_THROW(first ? void(multi_dot(x, {&x, &x, &x})) : void(gram({&x, &x})), MismatchError);
  EXPECT_THROW(first ? void(multi_dot(x, {&x, &x, &x})) : barrier(world()), MismatchError);
  EXPECT_EQ(multi_dot(x, {&x, &x, &x}), std::vector<double>(3));
}

// One rank alone finds something wrong, between ranks that do not.
TEST(Lists, ThatOneRankAloneRefusesAreAnErrorOnAll) {
  const DistVector<double> x(world(), 10, block, "x");
  const bool last = world().rank() == world().size() - 1;
  EXPECT_THROW(multi_dot(x, {&x, last ? nullptr : &x, &x}), DistributionError);
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Lists, OfIntegersBeyondRangeNameThePair) {
  DistVector<std::int64_t> x(world(), 2, block, "x"), y(world(), 2, block, "y");
  x.fill([](Index) { return std::numeric_limits<std::int64_t>::min(); });
  y.fill([](Index) { return 1; });
  EXPECT_EQ(multi_dot(y, {&x, &y}), (std::vector<Int128>{-(static_cast<Int128>(1) << 64U), 2}));
  EXPECT_EQ(
      message_of<RangeError>([&] {
        gram({&y, &x});
      }),
      "gram of x and x: about 1.7014118346046923e+38 is beyond 128-bit integers; make one operand float64");
}

TEST(RoundedLists, AreTheOrdinaryLoopOnOneRank) {
  Agreement agreed(world());
  const auto vectors = basis<double>(7, 50, cyclic);
  const auto results = multi_dot(vectors[0], vectors, rounded);
  const auto matrix = gram(vectors, rounded);
  ASSERT_EQ(results.size(), 7U);
  for (std::size_t k = 0; k < 7; ++k) {
    agreed.bits(results[k]);
    if (world().size() > 1) continue;  // the order in which an MPI adds is its own
    EXPECT_EQ(bits_of(results[k]), bits_of(dot(vectors[0], vectors[k], rounded)));
    EXPECT_EQ(bits_of(matrix(0, k)), bits_of(results[k]));
    EXPECT_EQ(bits_of(matrix(k, 0)), bits_of(results[k]));
  }
  EXPECT_TRUE(multi_dot(vectors[0], {}, rounded).empty());
  EXPECT_EQ(multi_dot(vectors[0], {&vectors[1], &vectors[2]}, rounded).size(), 2U);
  EXPECT_EQ(gram({&vectors[1]}, rounded).size, 1U);
}

}  // namespace
}  // namespace tutti

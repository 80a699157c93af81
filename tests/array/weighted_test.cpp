#include "tutti/array/weighted.hpp"

#include <limits>

#include "tutti/comm/collectives.hpp"
#include "tutti/exact/statistics.hpp"

#include "message_of.hpp"
#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;
using Complex = std::complex<double>;

template <class W, class T>
void check(Index n, Agreement& agreed) {
  for (const Layout& layout : {cyclic, block_cyclic(3)}) {
    DistVector<W> weights(world(), n, layout, "weights");
    DistVector<T> x(world(), n, layout, "x");
    weights.fill([](Index i) { return sample<W>(i, 1); });
    x.fill([](Index i) { return sample<T>(i, 2); });
    ExactSum products, total;
    for (Index i = 0; i < n; ++i) {
      products.add_product(sample<W>(i, 1), sample<T>(i, 2));
      total.add(sample<W>(i, 1));
    }
    SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", sizeof(W), " and ", sizeof(T), " bytes"));
    EXPECT_EQ(agreed.bits(weighted_sum(weights, x)), bits_of(dot(weights, x)));
    EXPECT_EQ(agreed.bits(weighted_mean(weights, x)), bits_of(exact::quotient(products, total)));
  }
}

TEST(Weighted, SumsAndMeansAreThoseOfTheWholeVectorsForAllPairsOfTypes) {
  Agreement agreed(world());
  for_each_type([&]<class W>() {
    for_each_type([&]<class T>() {
      for (const Index n : {1, 93}) check<W, T>(n, agreed);
    });
  });
}

TEST(Weighted, SumOfComplexNumbers) {
  DistVector<float> weights(world(), 3, cyclic, "weights");
  DistVector<Complex> x(world(), 3, cyclic, "x");
  weights.fill([](Index i) { return i == 0 ? 0x1p120F : i == 1 ? -0x1p120F : 2.0F; });
  x.fill([](Index i) { return i < 2 ? Complex(1e200, -1e-200) : Complex(0.1, 0.3); });
  const Complex result = weighted_sum(weights, x);
  EXPECT_EQ(result.real(), 0.2);
  EXPECT_EQ(result.imag(), 0.6);
}

TEST(Weighted, MeanIsRoundedOnce) {
  DistVector<std::int32_t> counts(world(), 3, cyclic, "counts");
  DistVector<double> x(world(), 3, cyclic, "x");
  counts.fill([](Index i) { return i == 2 ? 1 : 2'000'000'000; });
  x.fill([](Index i) { return i == 0 ? 1e308 : i == 1 ? -1e308 : 4e9 + 1; });
  EXPECT_EQ(weighted_mean(counts, x), 1.0);  // (2e317 - 2e317 + 4e9 + 1) / (4e9 + 1)
  counts.fill([](Index i) { return static_cast<std::int32_t>(i - 1); });
  EXPECT_TRUE(std::isnan(weighted_mean(counts, x))) << "the weights add up to zero";
  const DistVector<double> nothing(world(), 0, block, "nothing");
  EXPECT_TRUE(std::isnan(weighted_mean(nothing, nothing)));
  EXPECT_EQ(weighted_sum(nothing, nothing), 0);
}

TEST(Weighted, OperandsThatDoNotFitAreAnError) {
  const DistVector<double> weights(world(), 10, block, "weights");
  const DistVector<float> x(world(), 11, block, "x");
  const DistVector<Complex> z(world(), 12, block, "z");
  EXPECT_EQ(message_of<ShapeError>([&] { weighted_sum(weights, x); }),
            "weighted_sum: weights has 10 elements, x has 11; give vectors of equal length");
  EXPECT_EQ(message_of<ShapeError>([&] { weighted_mean(weights, x); }),
            "weighted_mean: weights has 10 elements, x has 11; give vectors of equal length");
  EXPECT_EQ(message_of<ShapeError>([&] { weighted_sum(x, z); }),
            "weighted_sum: x has 11 elements, z has 12; give vectors of equal length");
  EXPECT_EQ(sum(world(), 1), world().size());
}

}  // namespace
}  // namespace tutti

#include "tutti/exact/accumulator.hpp"

#include <gtest/gtest.h>

#include "terms.hpp"

namespace tutti {
namespace {

using exact::Family;

TEST(ExactAccumulator, IsEmptyAtFirst) {
  const ExactAccumulator accumulator;
  EXPECT_EQ(accumulator.sum(), ExactSum());
  EXPECT_EQ(accumulator.round(), 0.0);
}

TEST(ExactAccumulator, AddsInAnyGrouping) {
  for (const Family family : exact::families)
    for (const std::size_t n : {1U, 1023U, 1024U, 1025U, 5000U}) {
      const auto x = exact::terms(family, n);
      const ExactSum expected = exact::plain_sum(x);
      ExactAccumulator one_by_one;
      ExactAccumulator mixed;
      for (const double value : x) one_by_one += value;
      for (std::size_t i = 0; i < n; i += 40) {
        mixed.add(x[i]);
        mixed.add(std::span<const double>(x).subspan(i + 1, std::min<std::size_t>(39, n - i - 1)));
      }
      EXPECT_EQ(one_by_one.sum(), expected);
      EXPECT_EQ(mixed.sum(), expected);
      EXPECT_EQ(one_by_one.sum(), expected) << "looking does not change it";
    }
}

TEST(ExactAccumulator, AddsProductsUnrounded) {
  for (const std::size_t n : {1U, 511U, 512U, 513U, 2000U}) {
    const auto x = exact::terms(Family::any_finite, n, 1);
    const auto y = exact::terms(Family::any_finite, n, 2);
    ExactAccumulator accumulator;
    ExactSum expected;
    for (std::size_t i = 0; i < n; ++i) {
      accumulator.add_product(x[i], y[i]);
      expected.add_product(x[i], y[i]);
    }
    EXPECT_EQ(accumulator.sum(), expected);
  }
}

TEST(ExactAccumulator, SubtractsMergesAndCopies) {
  ExactAccumulator a;
  a += 1e300;
  a.add_product(1e200, 1e-200);
  ExactAccumulator b = a;
  b -= 1e300;
  ExactSum product;
  product.add_product(1e200, 1e-200);
  EXPECT_EQ(b.sum(), product);
  a += b;
  a += a;
  ExactSum expected = product;
  expected += product;
  expected.add(1e300);
  expected += ExactSum(expected);
  EXPECT_EQ(a.sum(), expected);
  b.add_product(3, 4);
  b = a;
  EXPECT_EQ(b.sum(), expected) << "what waited in the buffers is gone";
  EXPECT_EQ(ExactAccumulator(expected).sum(), expected) << "from a checkpoint";
}

}  // namespace
}  // namespace tutti

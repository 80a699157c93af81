#include "tutti/exact/accumulator.hpp"

#include <cstdlib>
#include <memory>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

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

// Where no kernel can be had, each flush throws: the buffers stay full, and must take no more.
[[noreturn]] void add_without_a_kernel() {
  if (setenv("TUTTI_KERNEL", "nonsense", 1) != 0) _exit(98);
  int refusals = 0;
  const auto refused = [&](auto&& add) {
    try {
      add();
    } catch (const UsageError&) {
      ++refusals;
    }
  };
  const auto accumulator = std::make_unique<ExactAccumulator>();
  for (int i = 0; i < 1030; ++i) refused([&] { accumulator->add(1); });
  for (int i = 0; i < 514; ++i) refused([&] { accumulator->add_product(1, 1); });
  _exit(refusals);
}
TEST(ExactAccumulator, KeepsWithinItsBuffersWithoutAKernel) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(add_without_a_kernel(), testing::ExitedWithCode(6 + 2), "");
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

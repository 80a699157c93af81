#include "tutti/exact/reduce.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "terms.hpp"

namespace tutti::exact {
namespace {

template <class T>
std::vector<T> values(std::size_t n);

template <>
std::vector<double> values(std::size_t n) {
  return terms(Family::any_finite, n);
}

template <>
std::vector<float> values(std::size_t n) {
  std::vector<float> result;
  for (const double value : terms(Family::narrow, n)) result.push_back(static_cast<float>(value));
  return result;
}

// Integers of all sizes, the extreme ones among them.
template <class T>
std::vector<T> values(std::size_t n) {
  using Limits = std::numeric_limits<T>;
  const Random random(9, sizeof(T) + (Limits::is_signed ? 100 : 0));
  std::vector<T> result{Limits::min(), Limits::max(), T{0}, T{1}};
  while (result.size() < n)
    result.push_back(static_cast<T>(random.bits(static_cast<Index>(result.size())) >> (result.size() % 50)));
  result.resize(n);
  return result;
}

template <class T>
class Reduce : public testing::Test {};
using Types = testing::Types<double, float, std::int32_t, std::int64_t, std::uint64_t>;
TYPED_TEST_SUITE(Reduce, Types);

TYPED_TEST(Reduce, EqualsOneTermAfterAnother) {
  using T = TypeParam;
  for (const std::size_t n : {0U, 1U, 2U, 4U, 100U, 1000U}) {
    const auto x = values<T>(n);
    const std::span<const T> span(x);
    ExactSum expected_sum, expected_squares, expected_magnitudes, sum, squares, magnitudes;
    for (const T value : x) {
      expected_sum.add(value);
      expected_squares.add_product(value, value);
      value < T{} ? expected_magnitudes.subtract(value) : expected_magnitudes.add(value);
    }
    add_sum(sum, span);
    add_squares(squares, span);
    add_magnitudes(magnitudes, span);
    EXPECT_EQ(sum, expected_sum);
    EXPECT_EQ(squares, expected_squares);
    EXPECT_EQ(magnitudes, expected_magnitudes);
  }
}

TYPED_TEST(Reduce, MultipliesWithEveryType) {
  const auto x = values<TypeParam>(300);
  const auto with = [&](auto y) {
    using U = typename decltype(y)::value_type;
    std::reverse(y.begin(), y.end());
    ExactSum expected, dot;
    for (std::size_t i = 0; i < x.size(); ++i) expected.add_product(x[i], y[i]);
    add_dot(dot, std::span<const TypeParam>(x), std::span<const U>(y));
    EXPECT_EQ(dot, expected);
  };
  with(values<double>(300));
  with(values<float>(300));
  with(values<std::int32_t>(300));
  with(values<std::int64_t>(300));
  with(values<std::uint64_t>(300));
}

TEST(ReduceLimits, IntegersAreExactToTheLast) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  const std::vector<std::int64_t> x{lowest, lowest, 5};
  ExactSum magnitudes, dot;
  add_magnitudes(magnitudes, std::span<const std::int64_t>(x));
  EXPECT_EQ(magnitudes.to_integer(), (Int128{1} << 64U) + 5);
  add_dot(dot, std::span<const std::int64_t>(x), std::span<const std::int64_t>(x));
  EXPECT_THROW(dot.to_integer(), RangeError) << "2^127 + 25";
  dot.subtract(26);
  EXPECT_EQ(dot.to_integer(), ~(Int128{1} << 127U));
}

TEST(ReduceErrors, LengthsMustAgree) {
  const std::vector<double> x(3);
  const std::vector<float> y(4);
  ExactSum sum;
  try {
    add_dot(sum, std::span<const double>(x), std::span<const float>(y));
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.message(), "dot: 3 elements times 4; give vectors of equal length");
    EXPECT_EQ(error.left(), 3);
    EXPECT_EQ(error.right(), 4);
  }
}

}  // namespace
}  // namespace tutti::exact

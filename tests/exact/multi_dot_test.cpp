#include "tutti/exact/multi_dot.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "terms.hpp"

namespace tutti::exact {
namespace {

template <class T>
std::vector<std::vector<T>> some_vectors(std::size_t count, std::size_t n) {
  std::vector<std::vector<T>> vectors;
  for (std::size_t k = 0; k < count; ++k) {
    const Family family = std::is_integral_v<T> ? Family::one_binade
                          : k % 3 == 1          ? Family::wide
                                                : Family::narrow;
    vectors.emplace_back();
    for (const double value : terms(family, n, k + 1))
      vectors.back().push_back(static_cast<T>(std::is_integral_v<T> ? value * 0x1p30 : value));
  }
  return vectors;
}

template <class T>
std::vector<std::span<const T>> spans(const std::vector<std::vector<T>>& vectors) {
  return {vectors.begin(), vectors.end()};
}

template <class T>
class MultiDot : public testing::Test {};
using Types = testing::Types<double, float, std::int32_t, std::int64_t, std::uint64_t>;
TYPED_TEST_SUITE(MultiDot, Types);

TYPED_TEST(MultiDot, IsTheDotProductWithEach) {
  using T = TypeParam;
  for (const std::size_t n : {0U, 1U, 70U, 16384U, 40001U})
    for (const std::size_t count : {0U, 1U, 2U, 5U}) {
      const auto vectors = some_vectors<T>(count + 1, n);
      const auto all = spans(vectors);
      std::vector<ExactSum> totals(count), expected(count);
      for (std::size_t k = 0; k < count; ++k) {
        totals[k].add(0.125);  // what was there stays there
        expected[k].add(0.125);
        add_dot(expected[k], all[0], all[k + 1]);
      }
      add_multi_dot<T>(totals, all[0], std::span(all).subspan(1));
      EXPECT_EQ(totals, expected) << n << " elements, " << count << " vectors";
    }
}

TYPED_TEST(MultiDot, GramIsTheDotProductOfAllPairs) {
  using T = TypeParam;
  for (const std::size_t n : {0U, 1U, 70U, 20001U})
    for (const std::size_t count : {0U, 1U, 2U, 5U}) {
      const auto vectors = some_vectors<T>(count, n);
      const auto all = spans(vectors);
      std::vector<ExactSum> totals(pair_count(count)), expected(pair_count(count));
      auto pair = expected.begin();
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i; j < count; ++j) add_dot(*pair++, all[i], all[j]);
      add_gram<T>(totals, all);
      EXPECT_EQ(totals, expected) << n << " elements, " << count << " vectors";
    }
}

TEST(Gram, OfManyVectorsGoesInSmallerPieces) {
  const auto vectors = some_vectors<double>(20, 5000);
  const auto all = spans(vectors);
  std::vector<ExactSum> totals(pair_count(20));
  add_gram<double>(totals, all);
  ExactSum last_two;
  add_dot(last_two, all[18], all[19]);
  EXPECT_EQ(totals[totals.size() - 2], last_two);
}

TEST(Gram, CountsPairs) {
  EXPECT_EQ(pair_count(0), 0U);
  EXPECT_EQ(pair_count(1), 1U);
  EXPECT_EQ(pair_count(4), 10U);
}

template <class F>
std::string shape_error(const F& f) {
  try {
    f();
  } catch (const ShapeError& error) {
    return error.message();
  }
  return "no error";
}

TEST(MultiDotErrors, NameWhatDoesNotFit) {
  const std::vector<double> x(3), y(4);
  const std::vector<std::span<const double>> ys{x, y};
  std::vector<ExactSum> totals(2);
  EXPECT_EQ(shape_error([&] { add_multi_dot<double>(totals, x, ys); }),
            "multi_dot: 3 elements times 4; give vectors of equal length");
  EXPECT_EQ(shape_error([&] { add_multi_dot<double>(totals, x, std::span(ys).first(1)); }),
            "multi_dot: 2 totals for 1 results; give one for each");
  EXPECT_EQ(shape_error([&] { add_gram<double>(totals, ys); }),
            "gram: 2 totals for 3 results; give one for each");
  totals.resize(3);
  EXPECT_EQ(shape_error([&] { add_gram<double>(totals, ys); }),
            "gram: 3 elements times 4; give vectors of equal length");
  EXPECT_EQ(totals, std::vector<ExactSum>(3)) << "nothing was added before the error";
}

}  // namespace
}  // namespace tutti::exact

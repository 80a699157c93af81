#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "tutti/comm/reductions.hpp"
#include "tutti/core/random.hpp"
#include "tutti/exact/reduce.hpp"

#include "calls.hpp"

namespace tutti::capi_test {

namespace {

// Element i of n, of any size and sign; rank r has the elements r, r + ranks, ...: other terms, the same sum.
constexpr Index n = 1003;
double element(Index i, std::uint64_t stream) {
  const Random random(11);
  return (random.uniform(i, stream) - 0.5) * (i % 7 == 0 ? 1e200 : i % 5 == 0 ? 1e-200 : 1);
}
template <class T>
std::vector<T> mine(std::uint64_t stream) {
  std::vector<T> part;
  for (Index i = me(); i < n; i += ranks())
    part.push_back(
        static_cast<T>(std::is_same_v<T, float> ? element(i, stream) * 1e-190 : element(i, stream)));
  return part;
}
std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }
Index count_of(const auto& part) { return static_cast<Index>(part.size()); }

class CSums : public CWorld {};

template <class T>
double exact_sum_of(const std::vector<T>& part) {
  ExactSum sum;
  exact::add_sum(sum, std::span<const T>(part));
  return tutti::sum(world(), sum);
}

TEST_F(CSums, SumHasTheBitsOfCpp) {
  const auto x = mine<double>(0);
  double sum = 0;
  ASSERT_EQ(tutti_sum(c, "x", count_of(x), x.data(), &sum), TUTTI_OK) << tutti_last_error();
  EXPECT_EQ(bits(sum), bits(exact_sum_of(x)));
  ExactSum alone;  // and of one rank that has all terms
  for (Index i = 0; i < n; ++i) alone.add(element(i, 0));
  EXPECT_EQ(bits(sum), bits(alone.round()));
  const auto f = mine<float>(0);
  ASSERT_EQ(tutti_sum_float(c, "f", count_of(f), f.data(), &sum), TUTTI_OK);
  EXPECT_EQ(bits(sum), bits(exact_sum_of(f)));
}

TEST_F(CSums, DotHasTheBitsOfCpp) {
  const auto x = mine<double>(0), y = mine<double>(1);
  double dot = 0;
  ASSERT_EQ(tutti_dot(c, "x.y", count_of(x), x.data(), y.data(), &dot), TUTTI_OK) << tutti_last_error();
  ExactSum alone;
  for (Index i = 0; i < n; ++i) alone.add_product(element(i, 0), element(i, 1));
  EXPECT_EQ(bits(dot), bits(alone.round()));
  const auto f = mine<float>(0), g = mine<float>(1);
  ASSERT_EQ(tutti_dot_float(c, "f.g", count_of(f), f.data(), g.data(), &dot), TUTTI_OK);
  ExactSum part;
  exact::add_dot(part, std::span<const float>(f), std::span<const float>(g));
  EXPECT_EQ(bits(dot), bits(tutti::sum(world(), part)));
}

TEST_F(CSums, SeveralSumsAtOnce) {
  for (const Index count : {0, 1, 2, 3, 20}) {
    const auto length = static_cast<std::size_t>(me() + 1);  // another one on each rank
    std::vector<double> x, sums(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count) * length; ++i)
      x.push_back(element(static_cast<Index>(i) + 1000 * me(), 2));
    ASSERT_EQ(tutti_sums(c, "several", count, static_cast<Index>(length), x.data(), sums.data()), TUTTI_OK)
        << tutti_last_error();
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const auto first = x.begin() + static_cast<std::ptrdiff_t>(k * length);
      const std::vector<double> part(first, first + static_cast<std::ptrdiff_t>(length));
      EXPECT_EQ(bits(sums[k]), bits(exact_sum_of(part))) << k << " of " << count;
    }
  }
}

TEST_F(CSums, ElementByElement) {
  std::vector<double> x, y;
  std::vector<float> f, g;
  for (Index i = 0; i < 50; ++i) x.push_back(element(i + 50 * me(), 3));
  for (Index i = 0; i < 50; ++i) f.push_back(static_cast<float>(i) + 0.1F * static_cast<float>(me()));
  y = x;
  g = f;
  ASSERT_EQ(tutti_sum_elements(c, "forces", 50, x.data()), TUTTI_OK) << tutti_last_error();
  ASSERT_EQ(tutti_sum_elements_float(c, "forces", 50, f.data()), TUTTI_OK);
  sum_elements(world(), y);
  sum_elements(world(), g);
  EXPECT_EQ(x, y);
  EXPECT_EQ(f, g);
}

TEST_F(CSums, NothingIsZero) {
  double sum = 1, dot = 1;
  EXPECT_EQ(tutti_sum(c, "nothing", 0, nullptr, &sum), TUTTI_OK);
  EXPECT_EQ(tutti_dot(c, "nothing", 0, nullptr, nullptr, &dot), TUTTI_OK);
  EXPECT_EQ(tutti_sums(c, "nothing", 0, 5, nullptr, nullptr), TUTTI_OK);
  EXPECT_EQ(tutti_sums(c, "nothing", 1, 0, nullptr, &sum), TUTTI_OK);
  EXPECT_EQ(tutti_sum_elements(c, "nothing", 0, nullptr), TUTTI_OK);
  EXPECT_EQ(bits(sum), 0U);
  EXPECT_EQ(bits(dot), 0U);
}

// Each wrong argument, given by the last rank alone, is the same error on all ranks; no result is written.
TEST_F(CSums, WrongArgumentsOfOneRankAreErrorsOnAll) {
  const bool bad = me() == last();
  const double x = 1;
  double out = 17;
  const auto expect = [&](int answer, std::string_view part) {
    expect_error(answer, TUTTI_ERROR_USAGE, last(), part);
    EXPECT_EQ(out, 17);
  };
  expect(tutti_sum(c, bad ? nullptr : "a", 1, &x, &out), "the name is NULL");
  expect(tutti_sum(c, "a", bad ? -3 : 1, &x, &out), "a: n = -3; give 0 or more");
  expect(tutti_sum(c, "a", 1, bad ? nullptr : &x, &out), "'x' is NULL, n = 1");
  expect(tutti_sum(c, "a", 1, &x, bad ? nullptr : &out), "'sum' is NULL");
  expect(tutti_dot(c, "a", 1, &x, bad ? nullptr : &x, &out), "'y' is NULL, n = 1");
  expect(tutti_dot(c, "a", 1, &x, &x, bad ? nullptr : &out), "'dot' is NULL");
  expect(tutti_sums(c, "a", bad ? -1 : 1, 1, &x, &out), "count = -1");
  expect(tutti_sums(c, "a", 1, bad ? -2 : 1, &x, &out), "n = -2");
  expect(tutti_sums(c, "a", 1, 1, bad ? nullptr : &x, &out), "'x' is NULL");
  expect(tutti_sums(c, "a", 1, 1, &x, bad ? nullptr : &out), "'sums' is NULL");
  constexpr Index huge = std::numeric_limits<Index>::max() / 2;
  expect(tutti_sums(c, "a", bad ? 3 : 1, bad ? huge : 1, &x, &out),
         "a: count = 3, n = 4611686018427387903; x cannot have so many elements");
  expect(tutti_sum_elements(c, "a", bad ? -1 : 1, &out), "n = -1");
  expect(tutti_sum_elements(c, "a", 1, bad ? nullptr : &out), "'x' is NULL");
  expect(tutti_sum_elements_float(c, bad ? nullptr : "a", 0, nullptr), "the name is NULL");
}

// What one rank calls otherwise is a mismatch on all, which names both calls and their places.
TEST_F(CSums, DifferentCallsAreNamed) {
  if (ranks() == 1) GTEST_SKIP() << "one rank cannot differ";
  const bool odd = me() == last();
  const double x = 1;
  std::array<double, 3> out{};
  const auto text = [&](std::string_view operation, std::string_view name) {
    return tutti::text(operation, " \"", name, "\" float64");
  };
  expect_error(tutti_sum(c, odd ? "virial" : "energy", 1, &x, out.data()), TUTTI_ERROR_MISMATCH, -1,
               text("sum", "virial"));
  EXPECT_NE(std::string(tutti_last_error()).find("sums_test.cpp:"), std::string::npos) << tutti_last_error();
  expect_error(
      odd ? tutti_dot(c, "energy", 1, &x, &x, out.data()) : tutti_sum(c, "energy", 1, &x, out.data()),
      TUTTI_ERROR_MISMATCH, -1, text("dot", "energy"));
  expect_error(tutti_sums(c, "energies", odd ? 1 : 3, 0, nullptr, out.data()), TUTTI_ERROR_MISMATCH, -1,
               "n=3");
  expect_error(tutti_sum_elements(c, "forces", odd ? 2 : 3, out.data()), TUTTI_ERROR_MISMATCH, -1, "n=2");
}

}  // namespace

}  // namespace tutti::capi_test

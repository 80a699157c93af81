#include "tutti/exact/complex.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "terms.hpp"

namespace tutti::exact {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Parts {
  ExactSum real, imaginary;
  friend bool operator==(const Parts&, const Parts&) = default;
};

template <class T>
std::vector<T> numbers(Family family, std::size_t n, std::uint64_t seed) {
  using Real = typename T::value_type;
  const std::vector<double> parts = terms(family, 2 * n, seed);
  std::vector<T> values;
  for (std::size_t i = 0; i < n; ++i)
    values.emplace_back(static_cast<Real>(parts[2 * i]), static_cast<Real>(parts[2 * i + 1]));
  return values;
}

// The definition, term by term.
template <class T>
Parts plain_dot(const std::vector<T>& x, const std::vector<T>& y, Conjugated conjugated) {
  Parts sums;
  const bool first = conjugated == Conjugated::first;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto a = x[i].real(), b = first ? -x[i].imag() : x[i].imag();
    const auto c = y[i].real(), d = y[i].imag();
    sums.real.add_product(a, c);
    sums.real.add_product(-b, d);
    sums.imaginary.add_product(a, d);
    sums.imaginary.add_product(b, c);
  }
  return sums;
}

template <class T>
Parts dot(const std::vector<T>& x, const std::vector<T>& y, Conjugated conjugated) {
  Parts sums;
  add_dot(sums.real, sums.imaginary, std::span<const T>(x), std::span<const T>(y), conjugated);
  return sums;
}

template <class T>
class Complex : public testing::Test {};
using Types = testing::Types<std::complex<double>, std::complex<float>>;
TYPED_TEST_SUITE(Complex, Types);

TYPED_TEST(Complex, DotIsItsDefinition) {
  using T = TypeParam;
  for (const Family family : families)
    for (const std::size_t n : {0U, 1U, 2U, 63U, 2047U, 2048U, 5001U}) {
      const auto x = numbers<T>(family, n, 1), y = numbers<T>(family, n, 2);
      for (const Conjugated conjugated : {Conjugated::none, Conjugated::first})
        ASSERT_EQ(dot(x, y, conjugated), plain_dot(x, y, conjugated)) << n;
    }
}

TYPED_TEST(Complex, SumSquaresAndWeightsAreTheirDefinitions) {
  using T = TypeParam;
  for (const std::size_t n : {0U, 1U, 2048U, 4100U}) {
    const auto x = numbers<T>(Family::wide, n, 3);
    const std::vector<double> weights = terms(Family::narrow, n, 4);
    std::vector<std::int32_t> counts(n);
    for (std::size_t i = 0; i < n; ++i) counts[i] = static_cast<std::int32_t>(i) - 50;
    Parts sum, expected_sum, weighted, expected_weighted, counted, expected_counted;
    ExactSum squares, expected_squares;
    for (std::size_t i = 0; i < n; ++i) {
      expected_sum.real.add(x[i].real());
      expected_sum.imaginary.add(x[i].imag());
      expected_weighted.real.add_product(weights[i], x[i].real());
      expected_weighted.imaginary.add_product(weights[i], x[i].imag());
      expected_counted.real.add_product(counts[i], x[i].real());
      expected_counted.imaginary.add_product(counts[i], x[i].imag());
      expected_squares.add_product(x[i].real(), x[i].real());
      expected_squares.add_product(x[i].imag(), x[i].imag());
    }
    const std::span<const T> span(x);
    add_sum(sum.real, sum.imaginary, span);
    add_weighted(weighted.real, weighted.imaginary, std::span<const double>(weights), span);
    add_weighted(counted.real, counted.imaginary, std::span<const std::int32_t>(counts), span);
    add_squares(squares, span);
    EXPECT_EQ(sum, expected_sum);
    EXPECT_EQ(weighted, expected_weighted);
    EXPECT_EQ(counted, expected_counted);
    EXPECT_EQ(squares, expected_squares);
  }
}

TEST(ComplexDot, OfAVectorWithItselfIsReal) {
  const auto x = numbers<std::complex<double>>(Family::wide, 1000, 5);
  const Parts sums = dot(x, x, Conjugated::first);
  ExactSum squares;
  add_squares(squares, std::span<const std::complex<double>>(x));
  EXPECT_EQ(sums.real, squares);
  EXPECT_TRUE(sums.imaginary.is_zero());
}

using Numbers = std::vector<std::complex<double>>;

TEST(ComplexDot, SpecialsBelongToThePartWhoseTermsTheyAre) {
  const auto round = [](const Parts& sums) {
    return std::vector<std::uint64_t>{std::bit_cast<std::uint64_t>(sums.real.round()),
                                      std::bit_cast<std::uint64_t>(sums.imaginary.round())};
  };
  const auto bits = [](double re, double im) {
    return std::vector<std::uint64_t>{std::bit_cast<std::uint64_t>(re), std::bit_cast<std::uint64_t>(im)};
  };
  // (inf + i) (2 + 3i): ac = inf, bd = 3, ad = inf, bc = 2.
  EXPECT_EQ(round(dot(Numbers{{inf, 1}}, Numbers{{2, 3}}, Conjugated::none)), bits(inf, inf));
  // (1 + inf i) (2 + 3i): -bd = -inf, bc = inf; conjugated: bd = inf, -bc = -inf.
  EXPECT_EQ(round(dot(Numbers{{1, inf}}, Numbers{{2, 3}}, Conjugated::none)), bits(-inf, inf));
  EXPECT_EQ(round(dot(Numbers{{1, inf}}, Numbers{{2, 3}}, Conjugated::first)), bits(inf, -inf));
  // (inf + inf i) (1 + i): inf - inf.
  EXPECT_EQ(round(dot(Numbers{{inf, inf}}, Numbers{{1, 1}}, Conjugated::none)), bits(nan, inf));
  EXPECT_EQ(round(dot(Numbers{{inf, inf}}, Numbers{{1, 1}}, Conjugated::first)), bits(inf, nan));
  // A zero times an infinity, in one part only: (inf + i) (1 + 0i): ad = inf * 0.
  EXPECT_EQ(round(dot(Numbers{{inf, 1}}, Numbers{{1, 0}}, Conjugated::none)), bits(inf, nan));
  EXPECT_EQ(round(dot(Numbers{{1, -nan}}, Numbers{{1, 1}}, Conjugated::first)), bits(nan, nan));
  // Exact zeros are +0.
  EXPECT_EQ(round(dot(Numbers{{-0.0, 0.0}}, Numbers{{1, -1}}, Conjugated::first)), bits(0, 0));
  EXPECT_EQ(round(dot(Numbers{{1, 1}}, Numbers{{1, 1}}, Conjugated::first)), bits(2, 0));
}

TEST(ComplexDot, LengthsMustAgree) {
  const Numbers x(3), y(4);
  const std::vector<double> weights(2);
  Parts sums;
  EXPECT_THROW(dot(x, y, Conjugated::none), ShapeError);
  try {
    add_weighted(sums.real, sums.imaginary, std::span<const double>(weights),
                 std::span<const std::complex<double>>(x));
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.message(), "weighted sum: 2 elements times 3; give vectors of equal length");
  }
}

}  // namespace
}  // namespace tutti::exact

#include "tutti/exact/kernels.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "terms.hpp"

namespace tutti::exact {
namespace {

constexpr std::size_t sizes[] = {0, 1, 2, 3, 31, 96, 97, 160, 161, 255, 1000, 2049, 20011};

// The kernel set of a type.
const KernelSet<double>& set_of(const Kernel& kernel, double) { return kernel.float64; }
const KernelSet<float>& set_of(const Kernel& kernel, float) { return kernel.float32; }

/// What all kernels must agree on: sum, dot, sum of squares, sum of magnitudes.
struct Results {
  ExactSum sum, dot, squares, magnitudes;
  friend bool operator==(const Results&, const Results&) = default;
};

template <class Real>
Results results(const Kernel& kernel, std::span<const Real> x, std::span<const Real> y) {
  const KernelSet<Real>& set = set_of(kernel, Real{});
  Results r;
  set.sum(r.sum, x);
  set.dot(r.dot, x, y);
  set.sum_of_squares(r.squares, x);
  set.absolute_sum(r.magnitudes, x);
  return r;
}

/// The one body that all kernels run.
template <class Real>
void expect_equal_on_all(const std::vector<Real>& x, const std::vector<Real>& y) {
  const auto spans = [](const std::vector<Real>& v) { return std::span<const Real>(v); };
  const Results reference = results(kernels().front(), spans(x), spans(y));
  for (const Kernel& kernel : kernels()) {
    EXPECT_EQ(results(kernel, spans(x), spans(y)), reference) << kernel.name << ", n = " << x.size();
    // In two pieces, into the same sums.
    const std::size_t half = x.size() / 2;
    ExactSum sum;
    ExactSum dot;
    set_of(kernel, Real{}).sum(sum, spans(x).first(half));
    set_of(kernel, Real{}).sum(sum, spans(x).subspan(half));
    set_of(kernel, Real{}).dot(dot, spans(x).first(half), spans(y).first(half));
    set_of(kernel, Real{}).dot(dot, spans(x).subspan(half), spans(y).subspan(half));
    EXPECT_EQ(sum, reference.sum) << kernel.name;
    EXPECT_EQ(dot, reference.dot) << kernel.name;
  }
}

// float32 from the upper bits of a float64: any sign, exponent and fraction, finite.
std::vector<float> narrowed(const std::vector<double>& values) {
  std::vector<float> result;
  for (const double value : values) {
    auto bits = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(value) >> 29U);
    if ((bits >> 23U & 0xffU) == 0xffU) bits ^= 1U << 30U;
    result.push_back(std::bit_cast<float>(bits));
  }
  return result;
}

TEST(Kernels, AgreeOnAllFamilies) {
  for (const Family family : families)
    for (const std::size_t n : sizes) {
      const auto x = terms(family, n, 1);
      const auto y = terms(family, n, 2);
      expect_equal_on_all(x, y);
      expect_equal_on_all(narrowed(x), narrowed(y));
    }
}

TEST(Kernels, AgreeOnSpecialsWhereverTheyAre) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t n : {1U, 7U, 200U, 3000U})
    for (const double special : {inf, -inf, nan, -nan})
      for (const std::size_t place : {std::size_t{0}, n / 2, n - 1})
        for (const double partner : {1.5, -1.5, 0.0, inf, nan}) {
          auto x = terms(Family::wide, n);
          auto y = terms(Family::wide, n, 2);
          x[place] = special;
          y[place] = partner;
          expect_equal_on_all(x, y);
          expect_equal_on_all(y, x);
          auto xf = narrowed(x);
          auto yf = narrowed(y);
          xf[place] = static_cast<float>(special);
          yf[place] = static_cast<float>(partner);
          expect_equal_on_all(xf, yf);
        }
}

TEST(Kernels, AgreeOnExtremesOfTheTables) {
  constexpr double largest = std::numeric_limits<double>::max();
  constexpr float largest_float = std::numeric_limits<float>::max();
  // More equal terms than a table entry of float32 products holds before it must be emptied.
  expect_equal_on_all(std::vector<float>(40000, largest_float), std::vector<float>(40000, -largest_float));
  expect_equal_on_all(std::vector<double>(5000, largest), std::vector<double>(5000, largest));
  expect_equal_on_all(std::vector<double>(5000, -0x1p-1074),
                      std::vector<double>(5000, 0x1.fffffffffffffp-1023));
  expect_equal_on_all(std::vector<double>(5000, -0.0), std::vector<double>(5000, 1.0));
}

TEST(Kernels, SumBeyondOneFillingOfTheTable) {
  // 2^20 terms of float32 fill the fractions of an entry, 2^21 products of float64 its 127 bits: go beyond.
  const std::size_t n = (std::size_t{1} << 21U) + 77;
  const std::vector<float> x(n, 3.40282347e38F);
  const std::vector<double> y(n, 1.7976931348623157e308);
  for (const Kernel& kernel : kernels()) {
    ExactSum sum;
    ExactSum expected;
    kernel.float32.sum(sum, x);
    expected.add_product(x[0], n);
    EXPECT_EQ(sum, expected) << kernel.name;
    kernel.float64.sum_of_squares(sum, y);
    for (std::size_t i = 0; i < n; ++i) expected.add_product(y[0], y[0]);
    EXPECT_EQ(sum, expected) << kernel.name;
  }
}

TEST(Kernels, AgreeWhenResiduesPileUp) {
  // Equal terms leave equal residues of one sign, until the accumulator of the residues is full; now and then
  // a term whose last bit such an accumulator would lose. At some shift a residue is the largest there can
  // be.
  for (int shift = 30; shift <= 50; shift += 2) {
    std::vector<double> x(40000, 1 + std::ldexp(1, -shift) - 0x1p-52);
    for (std::size_t i = 5; i < x.size(); i += 97) x[i] = 0x1.0000000000001p-32;
    expect_equal_on_all(x, std::vector<double>(x.size(), 1.0));
    expect_equal_on_all(std::vector<double>(x.size(), 1.0), x);
  }
}

TEST(Kernels, HaveNamesToChooseFrom) {
  std::set<std::string> names;
  for (const Kernel& kernel : kernels()) {
    EXPECT_EQ(&kernel_named(kernel.name), &kernel);
    names.insert(kernel.name);
  }
  EXPECT_TRUE(names.count("reference") == 1 && names.count("portable") == 1);
  EXPECT_EQ(names.size(), kernels().size());
  EXPECT_EQ(names.count(kernel().name), 1U);
  try {
    kernel_named("fast");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(error.message().find("\"fast\" here; choose one of reference, portable"), std::string::npos);
    EXPECT_EQ(error.option(), "TUTTI_KERNEL");
  }
}

}  // namespace
}  // namespace tutti::exact

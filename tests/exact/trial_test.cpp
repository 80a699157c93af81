#include "tutti/exact/trial.hpp"

#include <cfenv>
#include <cmath>
#include <functional>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {
namespace {

// A kernel that fails is left out of kernels(), so that a broken one would show nowhere else.
TEST(Trial, AcceptsWhatThisProcessorCanRun) {
  EXPECT_TRUE(passes_trial(portable_kernel()));
  std::size_t count = 2;
  for (const std::optional<Kernel>& kernel : {avx2_kernel(), avx512_kernel()}) {
    if (!kernel) continue;
    ++count;
    EXPECT_TRUE(passes_trial(*kernel)) << kernel->name;
  }
  EXPECT_EQ(kernels().size(), count);
}

// Ways to be wrong, as functions of the terms x * y; for a sum, y is 1, and for magnitudes the sign of x.
struct Rounding {  // an ordinary sum
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
    total.add(sum);
  }
};
struct ForgetsErrors {  // a chain for p, none for e
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    for (std::size_t i = 0; i < x.size(); ++i) total.add(x[i] * y[i]);
  }
};
struct SkipsInfinities {
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!std::isinf(x[i]) && !std::isinf(y[i])) total.add_product(x[i], y[i]);
  }
};
struct SkipsNans {
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!std::isnan(x[i]) && !std::isnan(y[i])) total.add_product(x[i], y[i]);
  }
};
// Right while terms keep together; those far below the largest are lost. As a kernel whose flags stay silent.
template <int binades>
struct LosesSmallTerms {
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (const double p = std::abs(x[i] * y[i]); std::isfinite(p)) largest = std::max(largest, p);
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!(std::abs(x[i] * y[i]) < std::ldexp(largest, -binades))) total.add_product(x[i], y[i]);
  }
};
struct LosesTheTail {  // of 8 lanes
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    for (std::size_t i = 0; i < x.size() / 8 * 8; ++i) total.add_product(x[i], y[i]);
  }
};
struct LosesSubnormals {  // denormals are zero
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    for (std::size_t i = 0; i < x.size(); ++i)
      if (std::isnormal(x[i]) || !std::isfinite(x[i])) total.add_product(x[i], y[i]);
  }
};
struct TakesOverflowAsInfinity {
  static void add(ExactSum& total, std::span<const double> x, std::span<const double> y) {
    for (std::size_t i = 0; i < x.size(); ++i)
      if (std::isinf(x[i] * y[i]))
        total.add(x[i] * y[i]);
      else
        total.add_product(x[i], y[i]);
  }
};

template <class Wrong, class Real>
void wrong_dot(ExactSum& total, std::span<const Real> x, std::span<const Real> y) {
  std::vector<double> xs(x.begin(), x.end());
  if constexpr (std::is_same_v<Wrong, LosesSubnormals> && std::is_same_v<Real, float>)
    for (std::size_t i = 0; i < x.size(); ++i) xs[i] = std::isnormal(x[i]) || !std::isfinite(x[i]) ? x[i] : 0;
  Wrong::add(total, xs, std::vector<double>(y.begin(), y.end()));
}
template <class Wrong, class Real>
void wrong_sum(ExactSum& total, std::span<const Real> x) {
  const std::vector<Real> ones(x.size(), Real{1});
  wrong_dot<Wrong, Real>(total, x, ones);
}
template <class Wrong, class Real>
void wrong_squares(ExactSum& total, std::span<const Real> x) {
  wrong_dot<Wrong, Real>(total, x, x);
}
template <class Wrong, class Real>
void wrong_magnitudes(ExactSum& total, std::span<const Real> x) {
  std::vector<Real> signs;
  for (const Real value : x) signs.push_back(std::signbit(value) ? Real{-1} : Real{1});
  wrong_dot<Wrong, Real>(total, x, signs);
}
void no_magnitudes(ExactSum& total, std::span<const double> x) { kernels().front().float64.sum(total, x); }

// The reference, but for one function.
using Change = std::function<void(Kernel&)>;
void expect_rejected(const std::string& what, const Change& change) {
  Kernel kernel = reference_kernel();
  ASSERT_TRUE(passes_trial(kernel));
  change(kernel);
  EXPECT_FALSE(passes_trial(kernel)) << what;
}

template <class Wrong>
void expect_sums_rejected(const std::string& what) {
  expect_rejected(what + ": sum", [](Kernel& k) { k.float64.sum = wrong_sum<Wrong, double>; });
  expect_rejected(what + ": sum, float32", [](Kernel& k) { k.float32.sum = wrong_sum<Wrong, float>; });
  expect_rejected(what + ": magnitudes",
                  [](Kernel& k) { k.float64.absolute_sum = wrong_magnitudes<Wrong, double>; });
  expect_rejected(what + ": magnitudes, float32",
                  [](Kernel& k) { k.float32.absolute_sum = wrong_magnitudes<Wrong, float>; });
}
template <class Wrong>
void expect_products_of_double_rejected(const std::string& what) {
  expect_rejected(what + ": dot", [](Kernel& k) { k.float64.dot = wrong_dot<Wrong, double>; });
  expect_rejected(what + ": squares",
                  [](Kernel& k) { k.float64.sum_of_squares = wrong_squares<Wrong, double>; });
}
template <class Wrong>
void expect_all_rejected(const std::string& what) {
  expect_sums_rejected<Wrong>(what);
  expect_products_of_double_rejected<Wrong>(what);
  expect_rejected(what + ": dot, float32", [](Kernel& k) { k.float32.dot = wrong_dot<Wrong, float>; });
  expect_rejected(what + ": squares, float32",
                  [](Kernel& k) { k.float32.sum_of_squares = wrong_squares<Wrong, float>; });
}

TEST(Trial, RejectsEachFunctionThatIsWrong) {
  expect_all_rejected<Rounding>("an ordinary sum");
  expect_products_of_double_rejected<ForgetsErrors>("without rounding errors");  // float32 has none
  expect_all_rejected<SkipsInfinities>("skips infinities");
  expect_all_rejected<SkipsNans>("skips NaN");
  expect_all_rejected<LosesTheTail>("loses the tail");
  expect_all_rejected<LosesSubnormals>("takes subnormal numbers for zero");
  expect_products_of_double_rejected<TakesOverflowAsInfinity>("overflow");  // float32 products have none
  expect_rejected("signs", [](Kernel& k) { k.float64.absolute_sum = no_magnitudes; });
}

// As many binades as the tiers take: whose checks must speak up.
TEST(Trial, RejectsWhatIsWrongForWideDataOnly) {
  expect_all_rejected<LosesSmallTerms<20>>("beyond 20 binades");
  expect_all_rejected<LosesSmallTerms<40>>("beyond 40 binades");
  expect_all_rejected<LosesSmallTerms<86>>("beyond 86 binades");
  expect_all_rejected<LosesSmallTerms<132>>("beyond 132 binades");
}

// It runs when a caller first wants a kernel, whatever that caller has done to the floating-point
// environment.
TEST(Trial, NeitherMindsNorChangesTheFloatingEnvironment) {
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST})
    for (const Kernel& kernel : kernels()) {
      std::feclearexcept(FE_ALL_EXCEPT);
      ASSERT_EQ(std::fesetround(mode), 0);
      const bool passed = passes_trial(kernel);
      const int raised = std::fetestexcept(FE_ALL_EXCEPT);
      const int after = std::fegetround();
      std::fesetround(FE_TONEAREST);
      EXPECT_TRUE(passed) << kernel.name << ", rounding mode " << mode;
      EXPECT_EQ(raised, 0) << kernel.name << ": sets exception flags of the caller";
      EXPECT_EQ(after, mode);
    }
}

#if defined(__GLIBC__)
TEST(Trial, SurvivesUnmaskedExceptions) {
  const auto child = [] {
    if (feenableexcept(FE_ALL_EXCEPT) == -1) _exit(2);
    for (const Kernel& kernel : kernels())
      if (!passes_trial(kernel)) _exit(3);
    _exit(fegetexcept() == FE_ALL_EXCEPT ? 0 : 4);
  };
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // so that even the choice of kernels happens there
  EXPECT_EXIT(child(), testing::ExitedWithCode(0), "") << "2: not possible, 3: wrong, 4: masked afterwards";
}
#endif

}  // namespace
}  // namespace tutti::exact

// The caller's floating-point environment neither changes a result nor is changed. CMakeLists.txt runs these
// tests on each forced tier of the SIMD kernels, too.
#include <cfenv>
#include <complex>
#include <csignal>
#include <limits>

#include <gtest/gtest.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "tutti/exact/accumulator.hpp"
#include "tutti/exact/complex.hpp"
#include "tutti/exact/kernels.hpp"
#include "tutti/exact/multi_dot.hpp"
#include "tutti/exact/prefix_sums.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"
#include "tutti/exact/window.hpp"

#include "terms.hpp"

namespace tutti::exact {
namespace {

// Everything that comes out of this room for some data, as bits.
struct Everything {
  std::vector<std::uint64_t> bits;

  void add(double value) { bits.push_back(std::bit_cast<std::uint64_t>(value)); }
  void add(const ExactSum& sum) {
    add(sum.round());
    for (const std::int64_t word : sum.words()) bits.push_back(static_cast<std::uint64_t>(word));
  }
};

template <class Real>
void add_reductions(Everything& all, const KernelSet<Real>& set, std::span<const Real> x,
                    std::span<const Real> y) {
  ExactSum sum, dot, squares, magnitudes;
  set.sum(sum, x);
  set.dot(dot, x, y);
  set.sum_of_squares(squares, x);
  set.absolute_sum(magnitudes, x);
  for (const ExactSum& value : {sum, dot, squares, magnitudes}) all.add(value);
  all.add(mean(sum, static_cast<Index>(x.size())));
  all.add(variance(sum, squares, static_cast<Index>(x.size()), 1));
  all.add(square_root(squares));
  const Window window = make_window(sum, 4);
  if (fits(window)) all.add(to_sum(window));
}

// Pairs of elements as complex numbers, and several results at once.
template <class Real>
void add_compounds(Everything& all, std::span<const Real> x, std::span<const Real> y) {
  using Number = std::complex<Real>;
  const auto numbers = [](std::span<const Real> values) {
    return std::span<const Number>(reinterpret_cast<const Number*>(values.data()), values.size() / 2);
  };
  ExactSum parts[8];
  add_dot(parts[0], parts[1], numbers(x), numbers(y), Conjugated::first);
  add_dot(parts[2], parts[3], numbers(x), numbers(y), Conjugated::none);
  add_sum(parts[4], parts[5], numbers(x));
  add_weighted(parts[6], parts[7], x.first(x.size() / 2), numbers(y));
  for (const ExactSum& part : parts) all.add(part);
  all.add(quotient(parts[0], parts[4]));
  const std::span<const Real> list[] = {x, y};
  std::vector<ExactSum> several(2), pairs(3);
  add_multi_dot<Real>(several, x, list);
  add_gram<Real>(pairs, list);
  for (const ExactSum& value : several) all.add(value);
  for (const ExactSum& value : pairs) all.add(value);
  const auto half = make_window<HalfWindow>(pairs[1], 4);
  if (fits(half)) all.add(to_sum(half));
  std::vector<double> prefixes(x.size());
  prefix_sums(ExactSum(), x, prefixes, Scan::inclusive);
  for (const double prefix : prefixes) all.add(prefix);
}

void add_everything(Everything& all, std::span<const double> x, std::span<const double> y,
                    std::span<const float> xf, std::span<const float> yf) {
  for (const Kernel& kernel : kernels()) {
    add_reductions(all, kernel.float64, x, y);
    add_reductions(all, kernel.float32, xf, yf);
  }
  add_compounds(all, x, y);
  add_compounds(all, xf, yf);
  ExactSum mixed;
  add_dot(mixed, x, xf);
  all.add(mixed);
  ExactAccumulator accumulator;
  for (std::size_t i = 0; i < x.size(); ++i) {
    accumulator -= x[i];
    accumulator.add_product(x[i], y[i]);
  }
  all.add(accumulator.sum());
}

// Data whose results are subnormal, or need rounding, or are special.
std::vector<std::vector<double>> data() {
  std::vector<std::vector<double>> sets{
      {0x1p-1074, 0x1p-1060}, {1, 0x1p-53, 0x1p-60}, {-1, 0x1p-53, 0x1p-60}, {}};
  for (const Family family : families) sets.push_back(terms(family, 400));
  sets.push_back(terms(Family::subnormal, 3));
  sets.push_back({1, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::signaling_NaN()});
  // Long enough for SIMD kernels to climb and to come down again: integers, then others, then wild ones.
  std::vector<double> changing(30000, 3);
  for (std::size_t i = 10000; i < changing.size(); ++i)
    changing[i] = terms(i < 20000 ? Family::narrow : Family::any_finite, 1, i)[0];
  changing.insert(changing.end(), 10000, 0.1);
  sets.push_back(changing);
  return sets;
}

std::vector<float> narrowed(const std::vector<double>& values) {
  std::vector<float> result;
  for (const double value : values)  // the upper bits: subnormal numbers of float32 among them
    result.push_back(
        std::bit_cast<float>(static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(value) >> 32U)));
  return result;
}

TEST(FloatingEnvironment, NeitherMattersNorChanges) {
  for (const auto& x : data()) {
    const auto y = [&] { return std::vector<double>(x.rbegin(), x.rend()); }();
    const auto xf = narrowed(x);
    const auto yf = narrowed(y);
    Everything expected;
    add_everything(expected, x, y, xf, yf);
    for (const int mode : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
      Everything got;
      ASSERT_EQ(std::fesetround(mode), 0);
      add_everything(got, x, y, xf, yf);
      const int after = std::fegetround();
      std::fesetround(FE_TONEAREST);
      EXPECT_EQ(after, mode);
      EXPECT_EQ(got.bits, expected.bits) << "rounding mode " << mode;
    }
#if defined(__SSE2__)
    constexpr unsigned flush_to_zero = 0x8000;
    constexpr unsigned denormals_are_zero = 0x0040;
    const unsigned before = _mm_getcsr();
    constexpr unsigned all_flags = 0x3f;
    for (const unsigned set : {0U, flush_to_zero, denormals_are_zero, all_flags,
                               flush_to_zero | denormals_are_zero | 0x6000U | 0x15U}) {
      Everything got;
      const unsigned control = (before & ~all_flags) | set;
      _mm_setcsr(control);
      add_everything(got, x, y, xf, yf);
      const unsigned after = _mm_getcsr();
      _mm_setcsr(before);
      EXPECT_EQ(after, control) << "flags included: nothing in this room computes in floating point";
      EXPECT_EQ(got.bits, expected.bits) << "MXCSR " << control;
    }
#endif
  }
}

#if defined(__GLIBC__) && defined(__SSE2__)
// Many programs for research trap invalid operations and overflows; some even inexact ones.
TEST(FloatingEnvironment, MayHaveUnmaskedExceptions) {
  const auto x = data();
  const auto child = [&] {
    for (const auto& values : x) {
      const std::vector<double> backwards(values.rbegin(), values.rend());
      const std::vector<float> xf = narrowed(values);
      const std::vector<float> yf = narrowed(backwards);
      Everything expected;
      add_everything(expected, values, backwards, xf, yf);
      std::feclearexcept(FE_ALL_EXCEPT);
      if (feenableexcept(FE_ALL_EXCEPT) == -1) _exit(2);
      Everything got;
      add_everything(got, values, backwards, xf, yf);
      if (fegetexcept() != FE_ALL_EXCEPT) _exit(3);
      if (std::fetestexcept(FE_ALL_EXCEPT) != 0) _exit(4);
      fedisableexcept(FE_ALL_EXCEPT);
      if (got.bits != expected.bits) _exit(5);
    }
    std::signal(SIGFPE, SIG_DFL);  // sanitizers catch it
    volatile double zero = 0;
    feenableexcept(FE_DIVBYZERO);
    zero = 1 / zero;  // the test itself can fail: here the signal comes
    _exit(6);
  };
  EXPECT_EXIT(child(), testing::KilledBySignal(SIGFPE), "")
      << "2: not possible, 3: masked afterwards, 4: flags set, 5: other bits, 6: exceptions do not trap";
}
#endif

}  // namespace
}  // namespace tutti::exact

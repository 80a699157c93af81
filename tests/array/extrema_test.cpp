#include "tutti/array/extrema.hpp"

#include <cfenv>
#include <limits>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "tutti/comm/collectives.hpp"

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

template <class T>
void expect_place(const Place<T>& found, T value, Index index) {
  EXPECT_EQ(found.index, index);
  EXPECT_EQ(bits_of(static_cast<double>(found.value)), bits_of(static_cast<double>(value)));
}

// f on a vector of 40 elements that is 1 but at a few places, in every layout.
template <class T, class F>
void with_vectors(const std::vector<std::pair<Index, T>>& places, const F& f) {
  for (const Layout& layout : layouts(40, world().size())) {
    SCOPED_TRACE(layout.name());
    DistVector<T> x(world(), 40, layout, "x");
    x.fill([&](Index i) {
      for (const auto& place : places)
        if (place.first == i) return place.second;
      return T{1};
    });
    f(x);
  }
}

TEST(Extrema, OfTheSampleAreThoseOfALoop) {
  for_each_type([]<class T>() {
    for (const Index n : lengths()) {
      if (n == 0) continue;
      Place<T> lowest{sample<T>(0, 1), 0}, highest = lowest;
      for (Index i = 1; i < n; ++i) {
        const T value = sample<T>(i, 1);
        if (value < lowest.value) lowest = {value, i};
        if (value > highest.value) highest = {value, i};
      }
      for (const Layout& layout : layouts(n, world().size())) {
        DistVector<T> x(world(), n, layout, "x");
        x.fill([](Index i) { return sample<T>(i, 1); });
        EXPECT_EQ(min(x), lowest) << layout.name();
        EXPECT_EQ(max(x), highest) << layout.name();
      }
    }
  });
}

TEST(Extrema, TheLowestIndexWinsAmongEquals) {
  with_vectors<double>({{7, -2.0}, {8, -2.0}, {39, -2.0}, {5, 9.0}, {30, 9.0}}, [](const auto& x) {
    expect_place(min(x), -2.0, 7);
    expect_place(max(x), 9.0, 5);
  });
  with_vectors<std::int32_t>({}, [](const auto& x) {
    expect_place(min(x), 1, 0);
    expect_place(max(x), 1, 0);
  });
}

TEST(Extrema, ZerosOfBothSignsAreEqualAndTheFirstIsShown) {
  with_vectors<double>({{9, -0.0}, {20, 0.0}}, [](const auto& x) { expect_place(min(x), -0.0, 9); });
  with_vectors<double>({{9, 0.0}, {20, -0.0}}, [](const auto& x) { expect_place(min(x), 0.0, 9); });
  with_vectors<float>({{0, -3.0F}, {9, -0.0F}}, [](const auto& x) { expect_place(min(x), -3.0F, 0); });
  DistVector<float> x(world(), 6, cyclic, "x");
  x.fill([](Index i) { return i == 2 ? -0.0F : i == 4 ? 0.0F : -1.0F; });
  expect_place(max(x), -0.0F, 2);
}

TEST(Extrema, ANaNWinsOverAllTheFirstOne) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  with_vectors<double>({{12, nan}, {3, -infinity}, {4, infinity}, {31, -nan}}, [&](const auto& x) {
    expect_place(min(x), nan, 12);
    expect_place(max(x), nan, 12);
  });
  with_vectors<double>({{13, -nan}, {14, nan}}, [&](const auto& x) { expect_place(max(x), nan, 13); });
  with_vectors<double>({{3, -infinity}, {4, infinity}}, [&](const auto& x) {
    expect_place(min(x), -infinity, 3);
    expect_place(max(x), infinity, 4);
  });
}

TEST(Extrema, OfIntegersReachTheEndsOfTheirTypes) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const Layout& layout : layouts(5, world().size())) {
    DistVector<std::int64_t> x(world(), 5, layout, "x");
    x.fill([](Index i) { return i == 4 ? Limits::min() : i == 1 ? Limits::max() : 0; });
    EXPECT_EQ(min(x), (Place<std::int64_t>{Limits::min(), 4}));
    EXPECT_EQ(max(x), (Place<std::int64_t>{Limits::max(), 1}));
    x.fill([](Index) { return Limits::max(); });
    EXPECT_EQ(min(x), (Place<std::int64_t>{Limits::max(), 0}));
    x.fill([](Index) { return Limits::min(); });
    EXPECT_EQ(max(x), (Place<std::int64_t>{Limits::min(), 0}));
    DistVector<std::uint64_t> u(world(), 5, layout, "u");
    u.fill([](Index i) { return i == 2 ? ~std::uint64_t{0} : std::uint64_t{1} << 63U; });
    EXPECT_EQ(min(u), (Place<std::uint64_t>{std::uint64_t{1} << 63U, 0}));
    EXPECT_EQ(max(u), (Place<std::uint64_t>{~std::uint64_t{0}, 2}));
  }
}

TEST(Extrema, OfNothingIsAnErrorOnAllRanks) {
  const DistVector<double> x(world(), 0, block, "nothing");
  try {
    min(x);
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.message(), "min of vector nothing: it has no elements");
  }
  EXPECT_THROW(max(x), ShapeError);
  EXPECT_EQ(sum(world(), 1), world().size());
}

// The floating-point environment of half the ranks, for the life of the object.
class StrangeEnvironment {
 public:
  StrangeEnvironment() {
    std::fegetenv(&before_);
    if (world().rank() % 2 != 0) return;
    std::fesetround(FE_UPWARD);
#if defined(__SSE2__)
    _mm_setcsr(_mm_getcsr() | 0x8040U);  // FTZ and DAZ
#endif
  }
  StrangeEnvironment(const StrangeEnvironment&) = delete;
  StrangeEnvironment& operator=(const StrangeEnvironment&) = delete;
  ~StrangeEnvironment() { std::fesetenv(&before_); }

 private:
  std::fenv_t before_{};
};

TEST(Extrema, SubnormalNumbersCountWhateverTheCallersEnvironment) {
  constexpr double tiny = 0x1p-1074;
  constexpr float tiny_float = 0x1p-149F;
  DistVector<double> x(world(), 12, cyclic, "x");
  DistVector<float> y(world(), 12, cyclic, "y");
  x.fill([&](Index i) { return i < 2 ? 0.0 : i == 8 ? -tiny : i == 9 ? tiny : -0.0; });
  y.fill([&](Index i) { return i < 2 ? 0.0F : i == 8 ? -tiny_float : i == 9 ? tiny_float : -0.0F; });
  Place<double> low{}, high{};
  Place<float> low_float{}, high_float{};
  double low_over_ranks = 0;
  {
    const StrangeEnvironment strange;
    low = min(x);
    high = max(x);
    low_float = min(y);
    high_float = max(y);
    low_over_ranks = min(world(), world().rank() == world().size() - 1 ? tiny : 2 * tiny);
  }
  EXPECT_EQ(bits_of(low.value), bits_of(-tiny));
  EXPECT_EQ(low.index, 8);
  EXPECT_EQ(bits_of(high.value), bits_of(tiny));
  EXPECT_EQ(high.index, 9);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(low_float.value), std::bit_cast<std::uint32_t>(-tiny_float));
  EXPECT_EQ(low_float.index, 8);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(high_float.value), std::bit_cast<std::uint32_t>(tiny_float));
  EXPECT_EQ(high_float.index, 9);
  EXPECT_EQ(bits_of(low_over_ranks), bits_of(tiny));
}

}  // namespace
}  // namespace tutti

// Scans of vectors: the same bits as on one rank, whatever the layout.
#include "tutti/array/scans.hpp"

#include <algorithm>
#include <limits>

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

/// All prefixes by the definition: an exact sum, rounded after each term.
template <class T>
std::vector<ScanOf<T>> expected(Index n, bool inclusive, T (*element)(Index)) {
  std::vector<ScanOf<T>> prefixes;
  ExactSum sum;
  for (Index i = 0; i < n; ++i) {
    if (inclusive) sum.add(element(i));
    if constexpr (std::floating_point<T>)
      prefixes.push_back(sum.round());
    else
      prefixes.push_back(static_cast<ScanOf<T>>(sum.to_integer()));
    if (!inclusive) sum.add(element(i));
  }
  return prefixes;
}

template <class T>
void expect_prefixes(const DistVector<T>& found, const std::vector<T>& wanted) {
  std::size_t wrong = 0;
  for (std::size_t l = 0; l < found.local().size(); ++l) {
    const auto i = static_cast<std::size_t>(found.distribution().to_global(world().rank(), l));
    wrong +=
        std::bit_cast<std::uint64_t>(found.local()[l]) != std::bit_cast<std::uint64_t>(wanted[i]) ? 1U : 0U;
  }
  EXPECT_EQ(wrong, 0U) << found.distribution().layout().name() << ", n = " << found.size();
}

template <class T>
void expect_scans(Index n, T (*element)(Index)) {
  const auto exclusive = expected(n, false, element), inclusive = expected(n, true, element);
  for (const Layout& layout : layouts(n, world().size())) {
    DistVector<T> x(world(), n, layout, "x");
    x.fill(element);
    const auto before = exclusive_scan(x);
    EXPECT_EQ(before.distribution(), x.distribution());
    EXPECT_EQ(before.name(), "x");
    expect_prefixes(before, exclusive);
    expect_prefixes(inclusive_scan(x), inclusive);
    DistVector<T> untouched(world(), n, layout, "x");
    untouched.fill(element);
    EXPECT_TRUE(std::ranges::equal(std::as_bytes(x.local()), std::as_bytes(untouched.local())));
  }
}

TEST(Scans, EveryTypeLayoutAndLength) {
  for_each_type([]<class T>() {
    for (const Index n : {Index{0}, Index{1}, Index{5}, Index{193}, Index{3001}})
      expect_scans<T>(n, [](Index i) -> T {
        const T value = sample<T>(i, 7);
        if constexpr (sizeof(T) == 8 && std::integral<T>) return value / 8192;  // or their sums do not fit
        return value;
      });
  });
}

TEST(Scans, NaNAndInfinitiesStay) {
  expect_scans<double>(100, [](Index i) {
    return i == 30   ? std::numeric_limits<double>::infinity()
           : i == 60 ? -std::numeric_limits<double>::infinity()
                     : static_cast<double>(i);
  });
  expect_scans<float>(
      50, [](Index i) { return i == 20 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i); });
}

TEST(Scans, SumsOnTheWayMayBeBeyondAllNumbers) {
  expect_scans<double>(100, [](Index i) {
    return i < 50 ? std::numeric_limits<double>::max() : -std::numeric_limits<double>::max();
  });
}

TEST(Scans, IntegersThatDoNotFitAreAnErrorOnAllRanks) {
  const auto refused = [](const auto& x, const char* part) {
    try {
      inclusive_scan(x);
      ADD_FAILURE() << "the sum does not fit";
    } catch (const RangeError& error) {
      EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
    }
    EXPECT_EQ(sum(world(), 1), world().size());
  };
  for (const Layout& layout : layouts(100, world().size())) {
    DistVector<std::int64_t> x(world(), 100, layout, "x");
    x.fill([](Index i) { return i == 70 || i == 75 ? INT64_MAX : i == 80 ? INT64_MIN : 0; });
    refused(x, "inclusive_scan of vector x: at element 75 the sum does not fit int64");
    DistVector<std::uint64_t> y(world(), 100, layout, "y");
    y.fill([](Index i) { return i == 3 ? UINT64_MAX : i == 99 ? 1U : 0U; });
    refused(y, "inclusive_scan of vector y: at element 99 the sum does not fit uint64");
    // What stands before each element fits.
    EXPECT_EQ(exclusive_scan(y).size(), 100);
  }
}

}  // namespace
}  // namespace tutti

#include "tutti/molecular/pair_constants.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::molecular {
namespace {

const Interactions one_type = Interactions::of_one_type({}, Truncation::plain);

TEST(PairConstants, ResolutionDoesNotDependOnTheBox) {
  for (const double edge : {5.0, 9.9, 10.1, 33.6, 1000.0, 1e6}) {
    const Resolution narrow = Resolution::of(Precision::single, Box({edge, edge, 2 * edge}), 2.5);
    const Resolution full = Resolution::of(Precision::full, Box({edge, edge, 2 * edge}), 2.5);
    for (std::size_t a = 0; a < axes; ++a) {
      const double length = a == 2 ? 2 * edge : edge;
      EXPECT_LE(narrow.shift[a], 32);
      EXPECT_EQ(narrow.unit[a], std::ldexp(length, narrow.shift[a] - 64));
      // 31 bits and a sign reach two cutoffs, or the whole box.
      EXPECT_TRUE(narrow.unit[a] * 0x1p31 >= 5 || narrow.shift[a] == 32);
      EXPECT_LT(narrow.unit[a] * 0x1p31, 10);
      EXPECT_EQ(full.shift[a], 0);
      EXPECT_EQ(full.unit[a], std::ldexp(length, -64));
    }
  }
}

TEST(PairConstants, QuantaArePowersOfTwoBelowTheUnits) {
  const Model model(Box({12, 12, 12}), one_type, Precision::full);
  EXPECT_EQ(model.force_quantum, 0x1p-32);
  EXPECT_EQ(model.energy_quantum, 0x1p-32);
  const Model other(Box({12, 12, 12}), Interactions::of_one_type({3, 0.7, 2}, Truncation::plain),
                    Precision::single);
  EXPECT_EQ(other.force_quantum, 4 * 0x1p-20);
  EXPECT_EQ(other.energy_quantum, 2 * 0x1p-32);
}

// What docs/molecular.md and precision.hpp say.
TEST(PairConstants, SmallestDistances) {
  const Box box({12, 12, 12});
  EXPECT_NEAR(Model(box, one_type, Precision::single).smallest_distance(0, 0), 0.2586, 1e-4);
  EXPECT_NEAR(Model(box, one_type, Precision::full).smallest_distance(0, 0), 0.4020, 1e-4);
  EXPECT_NEAR(Model(box, one_type, Precision::reference).smallest_distance(0, 0), 0.6158, 1e-4);
}

// At the distances that guard lanes, no pair is beyond what they hold; at a little less, some would be.
TEST(PairConstants, GuardsAreWhereForcesReachTheirLimits) {
  const Box box({12, 12, 12});
  const auto force = [](double r) { return 24 * (2 * std::pow(r, -13) - std::pow(r, -7)); };
  const Model narrow(box, one_type, Precision::single);
  const double r32 = 1 / std::sqrt(static_cast<double>(narrow.forces32.most_narrow));
  EXPECT_LT(force(r32) / narrow.force_quantum, 0x1p28);
  EXPECT_GT(force(r32 * 0.95) / narrow.force_quantum, 0x1p28);
  const Model full(box, one_type, Precision::full);
  const double r64 = 1 / std::sqrt(full.forces64.most_wide);
  EXPECT_LT(force(r64) / full.force_quantum, 0x1p44);
  EXPECT_GT(force(r64 * 0.95) / full.force_quantum, 0x1p44);
  const double re = 1 / std::sqrt(full.energies.most);
  EXPECT_LT(re * force(re) / full.energy_quantum, 0x1p46);
  EXPECT_GT(0.95 * re * force(0.95 * re) / full.energy_quantum, 0x1p46);
  for (const Precision precision : {Precision::single, Precision::full, Precision::reference}) {
    const Model model(box, one_type, precision);
    const double r = model.smallest_distance(0, 0);
    EXPECT_LT(force(r) / model.force_quantum, 0x1p55);
    EXPECT_LT(r * force(r) / model.energy_quantum, 0x1p61);
  }
}

// The bound of docs/molecular.md, and what the densest packing really exerts if all its forces pointed the
// same way.
TEST(PairConstants, APackingExertsLessThan32TimesItsNearest) {
  double sum = 0;
  constexpr int n = 12;
  for (int i = -n; i <= n; ++i)
    for (int j = -n; j <= n; ++j)
      for (int k = -n; k <= n; ++k)
        if ((i + j + k) % 2 == 0 && (i != 0 || j != 0 || k != 0))  // face-centred cubic, nearest at sqrt 2
          sum += std::pow((i * i + j * j + k * k) / 2.0, -6.5);
  const double bound = 13 * (6.0 / 12 + 12.0 / 11 + 8.0 / 10);
  EXPECT_LT(bound, 32);
  EXPECT_LT(sum, bound);
  EXPECT_GT(sum, 12);
  // With 65000 pairs that attract, at most 2.4 epsilon / sigma each, in the finest quantum: below 2^60.
  EXPECT_LT(bound * 0.8 * 0x1p55 + 65000 * 2.4 * 0x1p40, 0x1p60);
}

TEST(PairConstants, VariantsAreNumbered) {
  std::vector<bool> seen(variants);
  for (const bool shift : {false, true})
    for (const bool mixture : {false, true})
      for (const bool isotropic : {false, true}) seen[Variant{shift, mixture, isotropic}.index()] = true;
  for (const bool each : seen) EXPECT_TRUE(each);
  EXPECT_TRUE(Model(Box({12, 12, 12}), one_type, Precision::full).variant.isotropic);
  EXPECT_FALSE(Model(Box({12, 12, 13}), one_type, Precision::full).variant.isotropic);
}

TEST(PairConstants, TheBoxMustBeLargeEnough) {
  EXPECT_THROW(Model(Box({12, 4.9, 12}), one_type, Precision::full), UsageError);
}

}  // namespace
}  // namespace tutti::molecular

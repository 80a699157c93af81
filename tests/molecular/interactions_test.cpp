#include "tutti/molecular/interactions.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::molecular {
namespace {

const std::array<LennardJones, 2> two_kinds{{{1, 1, 2.5}, {4, 2, 5}}};

Interactions two_types() {
  Interactions made({{"A", 1}, {"B", 2}}, Truncation::plain);
  made.mix(two_kinds);
  return made;
}

TEST(Interactions, LorentzAndBerthelot) {
  const Interactions made = two_types();
  EXPECT_EQ(made.pair(0, 0), two_kinds[0]);
  EXPECT_EQ(made.pair(1, 1), two_kinds[1]);
  EXPECT_EQ(made.pair(0, 1), (LennardJones{2, 1.5, 5}));
  EXPECT_EQ(made.pair(1, 0), made.pair(0, 1));
  EXPECT_EQ(made.longest_cutoff(), 5);
}

TEST(Interactions, ATableTakesPrecedence) {
  Interactions made = two_types();
  made.set(1, 0, {0.5, 1.4, 3});
  EXPECT_EQ(made.pair(0, 1), (LennardJones{0.5, 1.4, 3}));
}

TEST(Interactions, WeeksChandlerAndersenCutsAtTheMinimum) {
  const Interactions made = Interactions::weeks_chandler_andersen({{"A", 1}, {"B", 2}}, two_kinds);
  EXPECT_EQ(made.truncation(), Truncation::energy_shift);
  EXPECT_DOUBLE_EQ(made.pair(0, 1).cutoff, 1.5 * std::pow(2.0, 1.0 / 6));
}

TEST(Interactions, CutoffsMustFitTheBox) {
  two_types().check_fits(Box({10, 20, 30}));
  try {
    two_types().check_fits(Box({20, 9, 30}));
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(
        error.message(),
        "the cutoff is 5, but the shortest edge of the box 9: a particle would meet two images of another; "
        "give a cutoff of at most half of it, 4.5");
  }
  Interactions none({{"A", 1}}, Truncation::plain);
  EXPECT_THROW(none.check_fits(Box({10, 10, 10})), UsageError);
}

TEST(Interactions, RefusesNonsense) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(Interactions({}, Truncation::plain), UsageError);
  EXPECT_THROW(Interactions(std::vector<ParticleType>(Interactions::most_types + 1), Truncation::plain),
               UsageError);
  for (const double mass : {0.0, -1.0, nan, 1e300})
    EXPECT_THROW(Interactions({{"A", mass}}, Truncation::plain), UsageError);
  Interactions made = two_types();
  EXPECT_THROW(made.set(0, 2, {}), UsageError);
  for (const LennardJones& pair : {LennardJones{-1, 1, 2.5},
                                   {nan, 1, 2.5},
                                   {1, 0, 2.5},
                                   {1, nan, 2.5},
                                   {1, 1, 0},
                                   {1, 1, nan},
                                   {1, 1, 1e9},
                                   {1e300, 1, 2.5}})
    EXPECT_THROW(made.set(0, 1, pair), UsageError) << pair.epsilon << ' ' << pair.sigma << ' ' << pair.cutoff;
  EXPECT_THROW(made.mix(std::span(two_kinds).first(1)), ShapeError);
}

// The integral of 4 pi r^2 U(r) / 2 from the cutoff on, by Simpson's rule.
TEST(Interactions, TailsAreIntegrals) {
  const Interactions made = two_types();
  const std::array<Index, 2> counts{100, 50};
  const double volume = 2000;
  double energy = 0;
  double virial = 0;
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t b = 0; b < 2; ++b) {
      const LennardJones& p = made.pair(a, b);
      const double pairs = static_cast<double>(counts[a] * counts[b]) / volume / 2;
      const int steps = 200000;
      const double width = (2000 - p.cutoff) / steps;
      for (int k = 0; k <= steps; ++k) {
        const double r = p.cutoff + k * width;
        const double s6 = std::pow(p.sigma / r, 6);
        const double weight = (k == 0 || k == steps ? 1
                               : k % 2 == 1         ? 4
                                                    : 2) *
                              width / 3 * 4 * std::acos(-1.0) * r * r * pairs;
        energy += weight * 4 * p.epsilon * (s6 * s6 - s6);
        virial += weight * 24 * p.epsilon * (2 * s6 * s6 - s6);
      }
    }
  EXPECT_NEAR(made.tail_energy(counts, volume), energy, 1e-6 * std::fabs(energy));
  EXPECT_NEAR(made.tail_pressure(counts, volume), virial / (3 * volume),
              1e-6 * std::fabs(virial / (3 * volume)));
}

}  // namespace
}  // namespace tutti::molecular

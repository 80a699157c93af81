#include "tutti/molecular/forces.hpp"

#include <algorithm>
#include <cfenv>
#include <cmath>

#include <gtest/gtest.h>

#include "tutti/molecular/overlap_error.hpp"

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

constexpr std::array precisions{Precision::single, Precision::full, Precision::reference};
constexpr std::array truncations{Truncation::plain, Truncation::energy_shift, Truncation::force_shift};

// What the sums should be, by the textbook: every pair, in extended precision, with real coordinates.
struct Textbook {
  std::vector<std::array<long double, axes>> forces;
  long double energy = 0;
  std::array<long double, 6> virial{};
};

void add_pair(Textbook& sums, const LennardJones& lj, Truncation truncation,
              const std::array<long double, axes>& d, std::size_t i, std::size_t j) {
  const auto potential = [&](long double r) {
    const long double s6 = std::pow(lj.sigma / r, 6.0L);
    return 4 * lj.epsilon * (s6 * s6 - s6);
  };
  const auto force = [&](long double r) {
    const long double s6 = std::pow(lj.sigma / r, 6.0L);
    return 24 * lj.epsilon / r * (2 * s6 * s6 - s6);
  };
  const long double r = std::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  const long double rc = lj.cutoff;
  if (r >= rc || lj.epsilon == 0) return;
  long double f = force(r);
  sums.energy += potential(r);
  if (truncation != Truncation::plain) sums.energy -= potential(rc);
  if (truncation == Truncation::force_shift) {
    f -= force(rc);
    sums.energy += (r - rc) * force(rc);
  }
  constexpr std::array<std::array<std::size_t, 2>, 6> parts{{{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}}};
  for (std::size_t k = 0; k < parts.size(); ++k) sums.virial[k] += f / r * d[parts[k][0]] * d[parts[k][1]];
  for (std::size_t a = 0; a < axes; ++a) {
    sums.forces[i][a] += f / r * d[a];
    sums.forces[j][a] -= f / r * d[a];
  }
}

Textbook textbook(const System& system) {
  Textbook sums;
  sums.forces.resize(system.particles.size());
  for (std::size_t i = 0; i < system.particles.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const Position& p = system.particles[i];
      const Position& q = system.particles[j];
      std::array<long double, axes> d{};
      const std::array<std::uint64_t, axes> difference{p.x - q.x, p.y - q.y, p.z - q.z};
      for (std::size_t a = 0; a < axes; ++a)
        d[a] = static_cast<long double>(static_cast<std::int64_t>(difference[a])) * 0x1p-64L *
               system.box.edge(static_cast<int>(a));
      add_pair(sums, system.interactions.pair(p.type(), q.type()), system.interactions.truncation(), d, i, j);
    }
  return sums;
}

// The largest relative error that a precision may have, of forces in units of their rms.
double tolerance(Precision precision) {
  return precision == Precision::single ? 2e-6 : precision == Precision::full ? 2e-10 : 1e-12;
}

void compare_with_textbook(const System& system, Precision precision) {
  const Model model(system.box, system.interactions, precision);
  const Textbook truth = textbook(system);
  const Computed computed = compute(system, {precision});
  ASSERT_EQ(computed.forces.size(), system.particles.size());
  double errors = 0;
  double squares = 0;
  for (std::size_t i = 0; i < system.particles.size(); ++i)
    for (std::size_t a = 0; a < axes; ++a) {
      const double force =
          static_cast<double>(computed.forces.at(static_cast<Index>(i))[a]) * model.force_quantum;
      errors += std::pow(force - static_cast<double>(truth.forces[i][a]), 2);
      squares += std::pow(static_cast<double>(truth.forces[i][a]), 2);
    }
  EXPECT_LT(std::sqrt(errors / squares), tolerance(precision));
  const auto real = [&](Int128 twice) { return static_cast<double>(twice) / 2 * model.energy_quantum; };
  const double energy_error = precision == Precision::single ? 1e-7 : 1e-9;
  const double scale =
      std::fabs(static_cast<double>(truth.energy)) + static_cast<double>(system.particles.size());
  EXPECT_NEAR(real(computed.sums.pairs.energy), static_cast<double>(truth.energy), energy_error * scale);
  for (std::size_t k = 0; k < 6; ++k)
    EXPECT_NEAR(real(computed.sums.pairs.virial[k]), static_cast<double>(truth.virial[k]),
                10 * energy_error * scale)
        << k;
}

TEST(Forces, AreThoseOfTheTextbook) {
  for (const Precision precision : precisions)
    for (const Truncation truncation : truncations) {
      SCOPED_TRACE(text(name(precision), ' ', name(truncation)));
      compare_with_textbook(liquid(7, truncation), precision);
      compare_with_textbook(mixture(truncation), precision);
    }
}

TEST(Forces, OfManyTypes) {  // more than a vector of constants holds
  std::vector<ParticleType> types;
  std::vector<LennardJones> like;
  for (int k = 0; k < 40; ++k) {
    types.push_back({text(k), 1});
    like.push_back({0.5 + 0.02 * k, 0.9 + 0.002 * k, 2.4});
  }
  Interactions interactions(types, Truncation::force_shift);
  interactions.mix(like);
  const System system = lattice_system({7, 7, 7}, 1.1, 0.1, interactions);
  for (const Precision precision : precisions) compare_with_textbook(system, precision);
  const Computed first = compute(system, {Precision::single, &kernels().front()});
  for (const Kernel& kernel : kernels())
    EXPECT_TRUE(compute(system, {Precision::single, &kernel}) == first) << kernel.name;
}

TEST(Forces, TypesThatDoNotInteract) {
  Interactions interactions({{"A", 1}, {"B", 1}}, Truncation::force_shift);
  interactions.set(0, 1, {1, 1, 2.5});
  const System system = lattice_system({7, 7, 7}, 1.1, 0.1, interactions);
  for (const Precision precision : precisions) compare_with_textbook(system, precision);
}

TEST(Forces, OfTheRepulsivePart) {
  const std::array<LennardJones, 1> like{{{1, 1, 2.5}}};
  const System system =
      lattice_system({8, 8, 8}, 1.05, 0.08, Interactions::weeks_chandler_andersen({{"A", 1}}, like));
  for (const Precision precision : precisions) compare_with_textbook(system, precision);
}

// In every unit: SI here.
TEST(Forces, DoNotDependOnUnits) {
  System system = liquid(7);
  const double sigma = 3.4e-10 * 0x1p30;  // a power of two keeps the fractions
  const System scaled{
      Box({system.box.edge(0) * sigma, system.box.edge(1) * sigma, system.box.edge(2) * sigma}),
      Interactions::of_one_type({1.65e-12, sigma, 2.5 * sigma}, Truncation::plain), system.particles};
  for (const Precision precision : precisions) compare_with_textbook(scaled, precision);
}

// Neither kernel, nor skin, nor the order of input, nor any division shows in a single bit.
void compare_ways(const System& system, Precision precision) {
  const Computed expected = compute(system, {precision, &kernels().front()});
  for (const Kernel& kernel : kernels())
    for (const double skin : {0.05, 0.3, 0.6})
      EXPECT_TRUE(compute(system, {precision, &kernel, skin}) == expected) << kernel.name << skin;
  System permuted = system;
  std::reverse(permuted.particles.begin(), permuted.particles.end());
  std::swap(permuted.particles[3], permuted.particles[40]);
  EXPECT_TRUE(compute(permuted, {precision}) == expected);
  for (const std::array<CellIndex, axes>& bricks :
       {std::array<CellIndex, axes>{2, 1, 1}, {1, 3, 1}, {2, 2, 1}, {1, 1, 2}, {3, 2, 2}, {1, 2, 3}})
    EXPECT_TRUE(compute(system, {precision, &kernels().back(), 0.3, bricks}) == expected)
        << bricks[0] << ' ' << bricks[1] << ' ' << bricks[2];
  System coarse = system;  // other cells
  coarse.width = 3.7;
  EXPECT_TRUE(compute(coarse, {precision}) == expected);
}

TEST(Forces, HaveTheSameBitsInEveryWay) {
  for (const Precision precision : precisions) {
    SCOPED_TRACE(name(precision));
    for (const Truncation truncation : truncations) {
      compare_ways(liquid(11, truncation), precision);
      compare_ways(mixture(truncation), precision);
    }
  }
}

TEST(Forces, AddUpToZero) {
  for (const Precision precision : precisions)
    for (const System& system : {liquid(10), mixture(), mixture(Truncation::force_shift)}) {
      std::array<Int128, axes> sum{};
      std::int64_t largest = 0;
      for (const auto& [id, force] : compute(system, {precision}).forces)
        for (std::size_t a = 0; a < axes; ++a) {
          sum[a] += force[a];
          largest = std::max(largest, std::abs(force[a]));
        }
      EXPECT_TRUE(sum[0] == 0 && sum[1] == 0 && sum[2] == 0);
      EXPECT_GT(largest, 1 << 20);  // not because there are none
    }
}

// The force is the slope of the energy.
TEST(Forces, AreDifferencesOfEnergies) {
  for (const Truncation truncation : {Truncation::energy_shift, Truncation::force_shift}) {
    System system = mixture(truncation);
    const Model model(system.box, system.interactions, Precision::full);
    const Computed computed = compute(system);
    for (const std::size_t i : {std::size_t{0}, std::size_t{17}, std::size_t{333}})
      for (int a = 0; a < axes; ++a) {
        const auto moved_energy = [&](double step) {
          System moved = system;
          const std::array<std::uint64_t Position::*, axes> parts{&Position::x, &Position::y, &Position::z};
          moved.particles[i].*parts[static_cast<std::size_t>(a)] +=
              static_cast<std::uint64_t>(static_cast<std::int64_t>(step / system.box.edge(a) * 0x1p64));
          return static_cast<double>(compute(moved).sums.pairs.energy) / 2 * model.energy_quantum;
        };
        constexpr double step = 1e-4;
        const double slope = (8 * (moved_energy(step) - moved_energy(-step)) -
                              (moved_energy(2 * step) - moved_energy(-2 * step))) /
                             (12 * step);
        const double force =
            static_cast<double>(computed.forces.at(static_cast<Index>(i))[static_cast<std::size_t>(a)]) *
            model.force_quantum;
        EXPECT_NEAR(force, -slope, 2e-5 + 1e-6 * std::fabs(force)) << name(truncation) << i << ' ' << a;
      }
  }
}

TEST(Forces, OverlapsNameBothParticles) {
  for (const Precision precision : precisions) {
    System system = liquid(8);
    const double smallest = Model(system.box, system.interactions, precision).smallest_distance(0, 0);
    const std::array<double, axes> place = coordinates(system.box, system.particles[100]);
    const auto at_distance = [&](double r) {  // toward the middle of eight others
      const double d = r / std::sqrt(3.0);
      return at(system.box, place[0] + d, place[1] + d, place[2] + d, 33);
    };
    for (const double part : {0.0, 0.5, 0.999}) {
      system.particles[33] = at_distance(part * smallest);
      for (const Kernel& kernel : kernels())
        for (const CellIndex bricks : {1U, 3U}) {
          try {
            compute(system, {precision, &kernel, 0.3, {bricks, 1, 1}});
            ADD_FAILURE() << kernel.name;
          } catch (const OverlapError& error) {
            EXPECT_EQ(error.first(), 33);
            EXPECT_EQ(error.second(), 100);
            EXPECT_NE(error.message().find("particles 33 and 100 overlap"), std::string::npos)
                << error.message();
            EXPECT_EQ(error.exit_code(), 65);
          }
        }
    }
    system.particles[33] = at_distance(1.001 * smallest);
    EXPECT_NO_THROW(compute(system, {precision}));
  }
}

// The caller's rounding mode is neither used nor changed.
TEST(Forces, InAForeignRoundingMode) {
  const System system = liquid(7);
  const Computed expected = compute(system);
  std::fesetround(FE_UPWARD);
  const Computed upward = compute(system);
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  std::fesetround(FE_TONEAREST);
  EXPECT_TRUE(upward == expected);
}

TEST(Forces, OfNoneAndOfOne) {
  System system = liquid(8);
  system.particles.resize(1);
  const Computed one = compute(system);
  EXPECT_EQ(one.forces.at(0), (std::array<std::int64_t, axes>{0, 0, 0}));
  system.particles.clear();
  EXPECT_TRUE(compute(system).sums == Sums{});
}

}  // namespace
}  // namespace tutti::molecular

#include "tutti/molecular/velocities.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tutti/molecular/state_hash.hpp"

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

struct Fluid {
  System system = lattice_system({20, 20, 20}, 1.1, 0.1, mixture().interactions);
  Model model{system.box, system.interactions, Precision::full};
  MotionConstants motion{system.box, system.interactions, reduced_units(), model, 0.005};
  memory::Ledger ledger;
  Atoms atoms{system.particles.size(), 0, ledger};

  Fluid() { std::copy(system.particles.begin(), system.particles.end(), atoms.positions().begin()); }
};

TEST(Velocities, AreNormalOfTheTemperatureWithoutTotalMomentum) {
  Fluid fluid;
  set_velocities(fluid.atoms, 42, 1.44, reduced_units(), fluid.motion);
  Sums sums;
  add_motion(sums, fluid.atoms, fluid.motion, fluid.model);
  EXPECT_TRUE(sums.momentum == (std::array<Int128, axes>{}));
  EXPECT_NEAR(observables(sums, fluid.system.box, reduced_units(), fluid.model).temperature, 1.44, 1e-8);
  // The variance and the kurtosis of each type's velocities.
  for (std::size_t type = 0; type < 3; ++type) {
    double second = 0;
    double fourth = 0;
    int count = 0;
    for (std::size_t i = 0; i < fluid.atoms.own(); ++i)
      if (fluid.atoms.positions()[i].type() == type)
        for (const std::int64_t p :
             {fluid.atoms.momenta()[i].x, fluid.atoms.momenta()[i].y, fluid.atoms.momenta()[i].z}) {
          const double v = static_cast<double>(p) * fluid.motion.momentum_quantum / fluid.motion.mass[type];
          second += v * v;
          fourth += v * v * v * v;
          ++count;
        }
    second /= count;
    EXPECT_NEAR(second * fluid.motion.mass[type], 1.44, 0.08);
    EXPECT_NEAR(fourth / count / (second * second), 3, 0.25);
  }
}

TEST(Velocities, DependOnSeedAndIdAlone) {
  Fluid fluid;
  set_velocities(fluid.atoms, 42, 1, reduced_units(), fluid.motion);
  const std::uint64_t expected = state_hash(fluid.atoms);
  std::reverse(fluid.atoms.positions().begin(), fluid.atoms.positions().end());
  set_velocities(fluid.atoms, 42, 1, reduced_units(), fluid.motion);
  EXPECT_EQ(state_hash(fluid.atoms), expected);
  set_velocities(fluid.atoms, 43, 1, reduced_units(), fluid.motion);
  EXPECT_NE(state_hash(fluid.atoms), expected);
}

// Three processes that add up what they have give what one gives.
TEST(Velocities, InParts) {
  Fluid fluid;
  set_velocities(fluid.atoms, 42, 1, reduced_units(), fluid.motion);
  const std::uint64_t expected = state_hash(fluid.atoms);
  std::vector<Atoms> parts;
  const std::size_t n = fluid.system.particles.size();
  const std::array<std::size_t, 4> bounds{0, n / 7, n / 2, n};
  for (std::size_t k = 0; k < 3; ++k) {
    parts.emplace_back(bounds[k + 1] - bounds[k], 0, fluid.ledger);
    std::copy_n(fluid.system.particles.begin() + static_cast<std::ptrdiff_t>(bounds[k]), parts[k].own(),
                parts[k].positions().begin());
  }
  std::vector<Velocities> velocities(3,
                                     Velocities(42, 1, static_cast<Index>(n), reduced_units(), fluid.motion));
  Velocities::Drawn drawn;
  for (std::size_t k = 0; k < 3; ++k) {
    const Velocities::Drawn some = velocities[k].draw(parts[k]);
    for (std::size_t a = 0; a < axes; ++a) drawn.momentum[a] += some.momentum[a];
    drawn.mass += some.mass;
  }
  Velocities::Centred centred;
  for (std::size_t k = 0; k < 3; ++k) centred.energy += velocities[k].centre(parts[k], drawn).energy;
  Velocities::Scaled scaled;
  for (std::size_t k = 0; k < 3; ++k) {
    const Velocities::Scaled some = velocities[k].scale(parts[k], centred);
    for (std::size_t a = 0; a < axes; ++a) scaled.momentum[a] += some.momentum[a];
  }
  std::uint64_t found = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    velocities[k].balance(parts[k], scaled);
    found += state_hash(parts[k]);
  }
  EXPECT_EQ(found, expected);
}

TEST(Velocities, OfNoTemperature) {
  Fluid fluid;
  set_velocities(fluid.atoms, 1, 0, reduced_units(), fluid.motion);
  for (const Momentum& p : fluid.atoms.momenta()) EXPECT_TRUE(p.x == 0 && p.y == 0 && p.z == 0);
  EXPECT_THROW(set_velocities(fluid.atoms, 1, -1, reduced_units(), fluid.motion), UsageError);
  EXPECT_THROW(set_velocities(fluid.atoms, 1, 1e30, reduced_units(), fluid.motion), UsageError);
}

}  // namespace
}  // namespace tutti::molecular

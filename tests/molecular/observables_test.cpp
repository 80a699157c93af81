#include "tutti/molecular/observables.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tutti/molecular/motion.hpp"
#include "tutti/molecular/velocities.hpp"

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

struct Fluid {
  System system = mixture();
  Model model{system.box, system.interactions, Precision::full};
  MotionConstants motion{system.box, system.interactions, reduced_units(), model, 0.004};
  memory::Ledger ledger;
  Atoms atoms{system.particles.size(), 0, ledger};

  Fluid() {
    std::copy(system.particles.begin(), system.particles.end(), atoms.positions().begin());
    set_velocities(atoms, 1, 0.8, reduced_units(), motion);
  }
};

TEST(Observables, OfMomentaAndPairs) {
  Fluid fluid;
  Sums sums;
  sums.pairs = compute(fluid.system).sums.pairs;
  add_motion(sums, fluid.atoms, fluid.motion, fluid.model);
  const Observables found = observables(sums, fluid.system.box, reduced_units(), fluid.model);
  double kinetic = 0;
  double xz = 0;
  for (std::size_t i = 0; i < fluid.atoms.own(); ++i) {
    const Momentum& p = fluid.atoms.momenta()[i];
    const double mass = fluid.system.interactions.type(fluid.atoms.positions()[i].type()).mass;
    const double q = fluid.motion.momentum_quantum;
    const double x = static_cast<double>(p.x) * q, y = static_cast<double>(p.y) * q,
                 z = static_cast<double>(p.z) * q;
    kinetic += (x * x + y * y + z * z) / (2 * mass);
    xz += x * z / mass;
  }
  const auto n = static_cast<double>(fluid.atoms.own());
  EXPECT_NEAR(found.kinetic_energy, kinetic, 1e-6);
  EXPECT_NEAR(found.total_energy(), found.kinetic_energy + found.potential_energy, 0);
  EXPECT_NEAR(found.temperature, 2 * kinetic / (3 * n - 3), 1e-9);
  EXPECT_NEAR(found.temperature, 0.8, 1e-6);
  const double volume = fluid.system.box.volume();
  EXPECT_NEAR(found.pressure, (2 * kinetic + found.virial) / (3 * volume), 1e-8);
  EXPECT_NEAR(found.pressure,
              (found.pressure_tensor[0] + found.pressure_tensor[1] + found.pressure_tensor[2]) / 3, 1e-9);
  const double virial_xz = static_cast<double>(sums.pairs.virial[4]) / 2 * fluid.model.energy_quantum;
  EXPECT_NEAR(found.pressure_tensor[4], (xz + virial_xz) / volume, 1e-8);
}

TEST(Observables, SumsAddUp) {
  Fluid fluid;
  Sums whole;
  add_motion(whole, fluid.atoms, fluid.motion, fluid.model);
  Sums parts;
  for (const bool first : {true, false}) {
    memory::Ledger ledger;
    const std::size_t half = fluid.atoms.own() / 3;
    const std::size_t count = first ? half : fluid.atoms.own() - half;
    Atoms some(count, 0, ledger);
    for (std::size_t i = 0; i < count; ++i) {
      some.positions()[i] = fluid.atoms.positions()[first ? i : half + i];
      some.momenta()[i] = fluid.atoms.momenta()[first ? i : half + i];
    }
    Sums sums;
    add_motion(sums, some, fluid.motion, fluid.model);
    parts += sums;
  }
  EXPECT_TRUE(parts == whole);
}

TEST(Observables, UnitsOfRealParticles) {
  // Argon at 100 K: the pressure of an ideal gas is N k T / V; 1 atm is 101325 Pa.
  const Box box({100, 100, 100});
  const Interactions argon = Interactions::of_one_type({0.238, 3.405, 8.5}, Truncation::plain, 39.948);
  const Model model(box, argon, Precision::full);
  const MotionConstants motion(box, argon, real_units(), model, 2);
  memory::Ledger ledger;
  Atoms atoms(1000, 0, ledger);
  for (std::size_t i = 0; i < 1000; ++i)
    atoms.positions()[i].label = Position::make_label(static_cast<Index>(i), 0);
  set_velocities(atoms, 5, 100, real_units(), motion);
  Sums sums;
  add_motion(sums, atoms, motion, model);
  const Observables found = observables(sums, box, real_units(), model);
  EXPECT_NEAR(found.temperature, 100, 1e-3);
  EXPECT_NEAR(found.pressure, 999 * 1.380649e-23 * 100 / 1e-24 / 101325, 1e-2);
}

TEST(Observables, OfOneParticleThereIsNoTemperature) {
  Fluid fluid;
  Sums sums;
  sums.particles = 1;
  EXPECT_EQ(observables(sums, fluid.system.box, reduced_units(), fluid.model).temperature, 0);
}

TEST(Observables, AnEnergyThatDoesNotFitIsAnError) {
  Fluid fluid;
  fluid.atoms.momenta()[3].x = std::int64_t{1} << 60U;
  Sums sums;
  EXPECT_THROW(add_motion(sums, fluid.atoms, fluid.motion, fluid.model), SpeedError);
}

}  // namespace
}  // namespace tutti::molecular

#include "tutti/molecular/motion.hpp"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

const Box box({10, 11, 12});
const Interactions two_masses = [] {
  Interactions made({{"A", 1}, {"B", 3}}, Truncation::plain);
  const std::array<LennardJones, 2> like{{{}, {}}};
  made.mix(like);
  return made;
}();

MotionConstants constants(Precision precision = Precision::full, double step = 0.005) {
  return MotionConstants(box, two_masses, reduced_units(), Model(box, two_masses, precision), step);
}

Atoms two_atoms(memory::Ledger& ledger) {
  Atoms atoms(2, 0, ledger);
  atoms.positions()[0] = at(box, 9.999, 5, 5, 0, 0);
  atoms.positions()[1] = at(box, 0.001, 1, 5, 1, 1);
  return atoms;
}

TEST(Motion, AStepIsVelocityTimesTime) {
  const MotionConstants motion = constants();
  memory::Ledger ledger;
  Atoms atoms = two_atoms(ledger);
  const double p = 2.5;
  atoms.momenta()[0].x = static_cast<std::int64_t>(p / motion.momentum_quantum);
  atoms.momenta()[1].y = static_cast<std::int64_t>(-p / motion.momentum_quantum);
  const double way = advance(atoms, 1, motion, kernel());
  EXPECT_NEAR(way, 2.5 * 0.005, 1e-12);
  EXPECT_NEAR(box.unwrapped(atoms.positions()[0].x, atoms.momenta()[0].images[0], 0), 9.999 + 2.5 * 0.005,
              1e-12);
  EXPECT_EQ(atoms.momenta()[0].images[0], 1);  // it has crossed
  EXPECT_NEAR(box.coordinate(atoms.positions()[1].y, 1), 1 - 2.5 / 3 * 0.005, 1e-12);
  EXPECT_EQ(atoms.momenta()[1].images[1], 0);
}

TEST(Motion, AForceKicksForHalfAStep) {
  const MotionConstants motion = constants();
  memory::Ledger ledger;
  Atoms atoms = two_atoms(ledger);
  atoms.forces()[0] = {1000, -7, 0, 0};
  half_kick(atoms);
  EXPECT_EQ(atoms.momenta()[0].x, 1000);
  EXPECT_EQ(atoms.momenta()[0].y, -7);
  // 1000 quanta of force, for half of 0.005
  EXPECT_DOUBLE_EQ(1000 * motion.momentum_quantum, 1000 * 0x1p-32 * 0.0025);
  advance(atoms, 2, motion, kernel());
  EXPECT_EQ(atoms.momenta()[0].x, 3000);
}

TEST(Motion, GoesBackToTheBit) {
  const MotionConstants motion = constants(Precision::single);
  const Random random(1);
  for (const Kernel& kernel : kernels()) {
    memory::Ledger ledger;
    Atoms atoms(101, 0, ledger);
    for (std::size_t i = 0; i < atoms.own(); ++i) {
      const auto id = static_cast<Index>(i);
      atoms.positions()[i] = {random.bits(id, 0), random.bits(id, 1), random.bits(id, 2),
                              Position::make_label(id, i % 2)};
      atoms.momenta()[i] = {static_cast<std::int64_t>(random.bits(id, 3)) >> 32U,
                            static_cast<std::int64_t>(random.bits(id, 4)) >> 32U,
                            static_cast<std::int64_t>(random.bits(id, 5)) >> 32U,
                            {}};
    }
    const std::vector<Position> start(atoms.positions().begin(), atoms.positions().end());
    const std::vector<Momentum> start_momenta(atoms.momenta().begin(), atoms.momenta().end());
    for (int step = 0; step < 3000; ++step) advance(atoms, 1, motion, kernel);
    bool crossed = false;
    for (const Momentum& momentum : atoms.momenta()) crossed |= momentum.images.word != 0;
    EXPECT_TRUE(crossed);
    reverse(atoms);
    for (int step = 0; step < 3000; ++step) advance(atoms, 1, motion, kernel);
    reverse(atoms);
    EXPECT_EQ(std::memcmp(start.data(), atoms.positions().data(), start.size() * sizeof(Position)), 0);
    EXPECT_EQ(std::memcmp(start_momenta.data(), atoms.momenta().data(), start.size() * sizeof(Momentum)), 0);
  }
}

TEST(Motion, WhoGoesTooFarIsNamed) {
  const MotionConstants motion = constants();
  EXPECT_EQ(motion.longest_step, 2.5 / 4);
  for (const Kernel& kernel : kernels())
    for (const double p : {130.0, -1e5, 3e6}) {  // 0.65 a step, and more
      memory::Ledger ledger;
      Atoms atoms = two_atoms(ledger);
      atoms.momenta()[0].z = static_cast<std::int64_t>(p / motion.momentum_quantum);
      try {
        advance(atoms, 1, motion, kernel);
        FAIL() << kernel.name;
      } catch (const SpeedError& error) {
        EXPECT_EQ(error.id(), 0);
        EXPECT_NE(error.message().find(text("particle 0 goes ")), std::string::npos);
      }
    }
  memory::Ledger ledger;
  Atoms atoms = two_atoms(ledger);
  atoms.momenta()[0].z = static_cast<std::int64_t>(124 / motion.momentum_quantum);
  EXPECT_NO_THROW(advance(atoms, 1, motion, kernel()));
}

TEST(Motion, TimeSteps) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double step : {0.0, -0.005, nan, std::numeric_limits<double>::infinity()})
    EXPECT_THROW(constants(Precision::full, step), UsageError);
  EXPECT_NO_THROW(constants(Precision::reference, 1e-4));
  try {
    constants(Precision::reference, 1e-9);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.message(),
              "the time step is 1e-09: momenta of precision reference cannot hold usual speeds; give a "
              "longer one, or a "
              "coarser precision");
  }
}

}  // namespace
}  // namespace tutti::molecular

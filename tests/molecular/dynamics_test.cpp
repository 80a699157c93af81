#include "tutti/molecular/dynamics.hpp"

#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "tutti/molecular/melt.hpp"
#include "tutti/molecular/overlap_error.hpp"

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

constexpr std::array precisions{Precision::single, Precision::full, Precision::reference};

struct Simulation {
  memory::Ledger ledger;
  std::unique_ptr<Dynamics> dynamics;

  Simulation(const DynamicsSetup& setup, std::vector<Position> particles, double temperature,
             const Kernel& kernel = molecular::kernel()) {
    Atoms atoms(particles.size(), 0, ledger);
    std::copy(particles.begin(), particles.end(), atoms.positions().begin());
    dynamics = std::make_unique<Dynamics>(setup, std::move(atoms), ledger, kernel);
    dynamics->set_velocities(87287, temperature);
  }
};

std::vector<Position> melt_particles(const Melt& melt) {
  std::vector<Position> made;
  for (Index id = 0; id < melt.particles; ++id) made.push_back(melt.start(id));
  return made;
}

Simulation melt_run(Index particles, Precision precision, Truncation truncation = Truncation::plain,
                    double skin = 0, const Kernel& kernel = molecular::kernel()) {
  Melt melt;
  melt.particles = particles;
  melt.truncation = truncation;
  return Simulation({melt.box(), melt.interactions(), precision, melt.time_step, &reduced_units(), skin},
                    melt_particles(melt), melt.temperature, kernel);
}

// No floating-point code can do this: forward, back, and every bit is where it was.
void check_reversal(Index particles, Index steps) {
  for (const Precision precision : {Precision::single, Precision::full}) {
    Simulation run = melt_run(particles, precision);
    const std::uint64_t start = run.dynamics->hash();
    run.dynamics->run(steps);
    EXPECT_NE(run.dynamics->hash(), start);
    EXPECT_GT(run.dynamics->rebuilds(), steps / 40);
    run.dynamics->reverse();
    run.dynamics->run(steps);
    run.dynamics->reverse();
    EXPECT_EQ(run.dynamics->hash(), start) << name(precision);
    EXPECT_TRUE(run.dynamics->sums().momentum == (std::array<Int128, axes>{}));
  }
}

TEST(Dynamics, GoesBackTheWayItCame) { check_reversal(864, 2000); }
TEST(Dynamics, LongGoesBackTheWayItCame) { check_reversal(4000, 20000); }

TEST(Dynamics, GoesBackAlsoWithSeveralMasses) {
  for (const Precision precision : precisions) {
    const System system = mixture(Truncation::force_shift);
    Simulation run({system.box, system.interactions, precision, 0.003}, system.particles, 1);
    const std::uint64_t start = run.dynamics->hash();
    run.dynamics->run(300);
    EXPECT_TRUE(run.dynamics->sums().momentum == (std::array<Int128, axes>{}));  // of different masses, too
    run.dynamics->reverse();
    run.dynamics->run(300);
    run.dynamics->reverse();
    EXPECT_EQ(run.dynamics->hash(), start);
  }
}

// One run in pieces, with every kernel and several skins: the same state, and the same sums.
TEST(Dynamics, HasTheSameBitsInEveryWay) {
  for (const Precision precision : precisions) {
    Simulation expected = melt_run(1372, precision, Truncation::plain, 0.3, kernels().front());
    expected.dynamics->run(60);
    for (const Kernel& kernel : kernels())
      for (const double skin : {0.06, 0.3, 0.8}) {
        Simulation run = melt_run(1372, precision, Truncation::plain, skin, kernel);
        run.dynamics->run(1);
        run.dynamics->run(42);
        run.dynamics->run(0);
        run.dynamics->run(17);
        EXPECT_EQ(run.dynamics->hash(), expected.dynamics->hash()) << kernel.name << skin;
        EXPECT_TRUE(run.dynamics->sums() == expected.dynamics->sums()) << kernel.name << skin;
        EXPECT_EQ(run.dynamics->steps(), 60);
      }
  }
}

// The hashes of these states, from all machines, compilers and libraries: who changes them changes
// everybody's results.
TEST(Dynamics, Bits) {
  const auto hash_after = [](Precision precision) {
    Simulation run = melt_run(500, precision);
    run.dynamics->run(100);
    return run.dynamics->hash();
  };
  EXPECT_EQ(hash_after(Precision::single), 0x4a847400a60d2868U);
  EXPECT_EQ(hash_after(Precision::full), 0x6450a4040c74fe5fU);
  EXPECT_EQ(hash_after(Precision::reference), 0x1a9b06f40e20a376U);
}

TEST(Dynamics, KeepsTheEnergy) {
  for (const Precision precision : precisions) {
    Simulation run = melt_run(864, precision, Truncation::force_shift);
    const double start = run.dynamics->observables().total_energy();
    run.dynamics->run(500);
    const Observables end = run.dynamics->observables();
    EXPECT_NEAR(end.total_energy() / 864, start / 864, 3e-3);  // of the time step, not of rounding
    EXPECT_NEAR(end.temperature, 0.75, 0.1);
  }
}

TEST(Dynamics, PrecisionsAgreeAtFirst) {
  Simulation narrow = melt_run(864, Precision::single);
  Simulation full = melt_run(864, Precision::full);
  Simulation reference = melt_run(864, Precision::reference);
  for (Simulation* run : {&narrow, &full, &reference}) run->dynamics->run(100);
  const double truth = reference.dynamics->observables().potential_energy;
  EXPECT_NEAR(full.dynamics->observables().potential_energy, truth, 1e-6);
  EXPECT_NEAR(narrow.dynamics->observables().potential_energy, truth, 1e-2);
}

TEST(Dynamics, Skins) {
  Melt melt;
  melt.particles = 500;
  for (const double skin : {-0.1, 0.84, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THROW(melt_run(500, Precision::full, Truncation::plain, skin), UsageError) << skin;
}

// A hot gas: many pairs are close, few rows are full.
TEST(Dynamics, OfHotParticles) {
  const System system =
      lattice_system({12, 12, 12}, 1.3, 0.2, Interactions::of_one_type({}, Truncation::force_shift));
  std::vector<std::uint64_t> hashes;
  for (const Kernel& kernel : kernels()) {
    Simulation run({system.box, system.interactions, Precision::single, 0.0005}, system.particles, 50,
                   kernel);
    const std::uint64_t start = run.dynamics->hash();
    run.dynamics->run(200);
    hashes.push_back(run.dynamics->hash());
    run.dynamics->reverse();
    run.dynamics->run(200);
    run.dynamics->reverse();
    EXPECT_EQ(run.dynamics->hash(), start);
  }
  for (const std::uint64_t hash : hashes) EXPECT_EQ(hash, hashes.front());
}

TEST(Dynamics, ErrorsOfARun) {
  System system = liquid(8);
  const std::array<double, axes> place = coordinates(system.box, system.particles[7]);
  system.particles[400] = at(system.box, place[0] + 0.2, place[1], place[2], 400);
  const DynamicsSetup setup{system.box, system.interactions, Precision::full, 0.005};
  EXPECT_THROW(Simulation(setup, system.particles, 1), OverlapError);
  // Further apart they start, but are thrown out.
  system.particles[400] = at(system.box, place[0] + 0.6, place[1], place[2], 400);
  Simulation run(setup, system.particles, 1);
  try {
    run.dynamics->run(5);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), 65);
    EXPECT_NE(error.message().find("particle"), std::string::npos);
  }
}

}  // namespace
}  // namespace tutti::molecular

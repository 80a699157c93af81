#include "tutti/molecular/energies.hpp"

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

TEST(Energies, AddTheTailWhereItIsAskedFor) {
  const System system = liquid();
  const Computed computed = compute(system);
  const std::vector<Index> counts{static_cast<Index>(system.particles.size())};
  SystemInput input;
  const Energies plain = energies(computed.sums, counts, system.box, system.interactions, input);
  EXPECT_EQ(plain.tail, 0);
  EXPECT_EQ(plain.potential(), plain.pairs);
  EXPECT_NEAR(plain.pressure, plain.virial / (3 * system.box.volume()), 1e-9);
  EXPECT_NEAR((plain.pressure_tensor[0] + plain.pressure_tensor[1] + plain.pressure_tensor[2]) / 3,
              plain.pressure, 1e-9);
  input.ending = PairEnding::tail;
  const Energies with_tail = energies(computed.sums, counts, system.box, system.interactions, input);
  EXPECT_EQ(with_tail.pairs, plain.pairs);
  EXPECT_EQ(with_tail.tail, system.interactions.tail_energy(counts, system.box.volume()));
  EXPECT_LT(with_tail.tail, 0);
  EXPECT_EQ(with_tail.pressure, plain.pressure + with_tail.tail_pressure);
  EXPECT_EQ(with_tail.pressure_tensor[1], plain.pressure_tensor[1] + with_tail.tail_pressure);
  EXPECT_EQ(with_tail.pressure_tensor[3], plain.pressure_tensor[3]);
}

TEST(Energies, AreAtRest) {
  const System system = liquid();
  Computed computed = compute(system);
  const std::vector<Index> counts{static_cast<Index>(system.particles.size())};
  const Energies before = energies(computed.sums, counts, system.box, system.interactions, {});
  computed.sums.kinetic = {1000, 1000, 1000, 0, 0, 0};
  EXPECT_EQ(energies(computed.sums, counts, system.box, system.interactions, {}).pressure, before.pressure);
}

TEST(UsualTimeStep, FitsEveryPrecisionInAllUnits) {
  for (const Units* units : {&reduced_units(), &real_units()})
    for (const double mass : {1e-12, 1.0, 1e12})
      for (const Precision precision : {Precision::single, Precision::full, Precision::reference}) {
        const Interactions interactions =
            Interactions::of_one_type({0.24, 3.4, 8.5}, Truncation::plain, mass);
        const Box box({40, 40, 40});
        const Model model(box, interactions, precision);
        EXPECT_NO_THROW(
            MotionConstants(box, interactions, *units, model, usual_time_step(interactions, *units)));
      }
}

}  // namespace
}  // namespace tutti::molecular

#include "tutti/molecular/wide_rows.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tutti/molecular/overlap_error.hpp"

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

constexpr std::array precisions{Precision::single, Precision::full, Precision::reference};

// Pairs whose distances run from the smallest allowed to beyond where kernels take over, each pair alone.
System pairs_of_all_distances(Precision precision, Truncation truncation = Truncation::plain) {
  constexpr int n = 6;
  System made = lattice_system({n, n, n}, 5, 0.3, Interactions::of_one_type({}, truncation));
  const double smallest = Model(made.box, made.interactions, precision).smallest_distance(0, 0);
  const Random random(8);
  for (Index id = 0; id < n * n * n; ++id) {
    const double r = smallest * (1 + 1e-4) + (1.3 - smallest) * static_cast<double>(id) / (n * n * n);
    const double z = 2 * random.uniform(id) - 1;
    const double phi = 6.28 * random.uniform(id, 1);
    const double s = std::sqrt(1 - z * z);
    const std::array<double, axes> p = coordinates(made.box, made.particles[static_cast<std::size_t>(id)]);
    made.particles.push_back(at(made.box, p[0] + r * s * std::cos(phi), p[1] + r * s * std::sin(phi),
                                p[2] + r * z, n * n * n + id));
  }
  return made;
}

// All kernels, whether they hand rows on or not, give the bits of plain loops in wide sums.
TEST(WideRows, ContinueWhereKernelsEnd) {
  for (const Precision precision : precisions)
    for (const Truncation truncation : {Truncation::plain, Truncation::force_shift}) {
      const System system = pairs_of_all_distances(precision, truncation);
      const Computed expected = compute(system, {precision, &kernels().front()});
      for (const Kernel& kernel : kernels())
        EXPECT_TRUE(compute(system, {precision, &kernel}) == expected) << kernel.name;
      const Model model(system.box, system.interactions, precision);
      for (const auto& [id, force] :
           expected.forces) {  // each is the force of one pair, opposite to its partner's
        const auto& other = expected.forces.at(id < 216 ? id + 216 : id - 216);
        for (std::size_t a = 0; a < axes; ++a) EXPECT_EQ(force[a], -other[a]);
      }
    }
}

// Forces of precision float are below 2^43 epsilon / sigma, so the largest is beyond any lane of 32 bits.
TEST(WideRows, ForcesAtTheSmallestDistanceFit) {
  for (const Precision precision : precisions) {
    const System system = pairs_of_all_distances(precision);
    const Model model(system.box, system.interactions, precision);
    const Computed computed = compute(system, {precision});
    const double r = model.smallest_distance(0, 0) * (1 + 1e-4);
    const double expected = 24 * (2 * std::pow(r, -13) - std::pow(r, -7));
    double square = 0;
    for (std::size_t a = 0; a < axes; ++a)
      square += std::pow(static_cast<double>(computed.forces.at(0)[a]) * model.force_quantum, 2);
    EXPECT_NEAR(std::sqrt(square), expected, expected * 1e-5);
    EXPECT_GT(expected / model.force_quantum, 0x1p31);
  }
}

// The most that can be around a particle at the smallest distance: 12, here on one side only, more than fit
// in space. The sum of their forces has room, and is exact.
TEST(WideRows, ManyAtTheSmallestDistanceFit) {
  for (const Precision precision : precisions) {
    System system{Box({12, 12, 12}), Interactions::of_one_type({}, Truncation::plain), {}};
    const double r = Model(system.box, system.interactions, precision).smallest_distance(0, 0) * (1 + 1e-6);
    system.particles.push_back(at(system.box, 6, 6, 6, 0));
    // A half shell of a close packing.
    const double h = r * std::sqrt(2.0 / 3);
    const double t = r / std::sqrt(3.0);
    for (int k = 0; k < 6; ++k)
      system.particles.push_back(at(system.box, 6 + r * std::cos(k * std::acos(-1.0) / 3),
                                    6 + r * std::sin(k * std::acos(-1.0) / 3), 6, k + 1));
    for (int k = 0; k < 3; ++k)
      system.particles.push_back(at(system.box, 6 + t * std::cos((2 * k + 0.5) * std::acos(-1.0) / 3),
                                    6 + t * std::sin((2 * k + 0.5) * std::acos(-1.0) / 3), 6 + h, k + 7));
    Computed computed;
    ASSERT_NO_THROW(computed = compute(system, {precision}));
    Int128 sum = 0;
    for (const auto& [id, force] : computed.forces) sum += force[2];
    EXPECT_TRUE(sum == 0);
    EXPECT_LT(std::abs(computed.forces.at(0)[2]), std::int64_t{1} << 60U);
    EXPECT_GT(std::abs(computed.forces.at(0)[2]), std::int64_t{1} << 50U);
    for (const Kernel& kernel : kernels()) EXPECT_TRUE(compute(system, {precision, &kernel}) == computed);
  }
}

// Small particles around a large one: more than the proof for one type has in mind.
TEST(WideRows, ACrowdWhoseForcesDoNotFitIsAnOverlap) {
  Interactions interactions({{"large", 1}, {"small", 1}}, Truncation::plain);
  interactions.set(0, 1, {1, 1, 2.5});  // small ones do not see one another
  System system{Box({12, 12, 12}), interactions, {}};
  const double r = Model(system.box, interactions, Precision::full).smallest_distance(0, 1) * (1 + 1e-6);
  system.particles.push_back(at(system.box, 6, 6, 6, 0));
  for (int k = 0; k < 30; ++k) system.particles.push_back(at(system.box, 6 + r, 6 + 1e-5 * k, 6, k + 1, 1));
  EXPECT_NO_THROW(compute(system));
  for (int k = 30; k < 60; ++k) system.particles.push_back(at(system.box, 6 + r, 6 + 1e-5 * k, 6, k + 1, 1));
  for (const Kernel& kernel : kernels())
    EXPECT_THROW(compute(system, {Precision::full, &kernel}), OverlapError);
}

// Lanes of 32 bits take eight forces: rows of thousands of pairs are added up in pieces.
TEST(WideRows, LongRowsOfLargeForces) {
  System system =
      lattice_system({13, 13, 13}, 0.93, 0.01, Interactions::of_one_type({1, 1, 6}, Truncation::plain));
  const Computed expected = compute(system, {Precision::single, &kernels().front()});
  for (const Kernel& kernel : kernels())
    EXPECT_TRUE(compute(system, {Precision::single, &kernel}) == expected) << kernel.name;
}

}  // namespace
}  // namespace tutti::molecular

// NIST's Lennard-Jones reference configurations: every published digit, in every precision. The data is found
// by TUTTI_REFERENCE_DATA; values and origin are in its REFERENCE.md.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

struct Published {
  int configuration;
  double cutoff;
  Truncation truncation;
  const char* energy;
  const char* virial;
  const char* tail;  // of the energy; or null
};

constexpr std::array<Published, 6> published{{
    {1, 3, Truncation::plain, "-4.3515E+03", "-5.6867E+02", "-1.9849E+02"},
    {1, 4, Truncation::plain, "-4.4675E+03", "-1.2639E+03", "-8.3769E+01"},
    {1, 3, Truncation::force_shift, "-3.8709E+03", "3.1754E+02", nullptr},
    {3, 3, Truncation::plain, "-1.1467E+03", "-1.1649E+03", "-4.9622E+01"},
    {3, 4, Truncation::plain, "-1.1754E+03", "-1.3371E+03", "-2.0942E+01"},
    {3, 3, Truncation::force_shift, "-1.0210E+03", "-9.3578E+02", nullptr},
}};

std::string digits(double value) {
  std::array<char, 32> printed{};
  std::snprintf(printed.data(), printed.size(), "%.4E", value);
  return printed.data();
}

System read(const std::string& path, double cutoff, Truncation truncation) {
  std::ifstream file(path);
  std::array<double, axes> edges{};
  Index count = 0;
  file >> edges[0] >> edges[1] >> edges[2] >> count;
  System system{Box(edges), Interactions::of_one_type({1, 1, cutoff}, truncation), {}};
  Index id = 0;
  double x = 0, y = 0, z = 0;
  while (file >> id >> x >> y >> z) system.particles.push_back(at(system.box, x, y, z, id));
  EXPECT_EQ(static_cast<Index>(system.particles.size()), count) << path;
  return system;
}

TEST(ReferenceData, EveryPublishedDigit) {
  const char* folder = std::getenv("TUTTI_REFERENCE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "TUTTI_REFERENCE_DATA does not say where NIST's configurations are";
  for (const Published& row : published)
    for (const Precision precision : {Precision::single, Precision::full, Precision::reference}) {
      const System system = read(text(folder, "/lj_sample_config_periodic", row.configuration, ".txt"),
                                 row.cutoff, row.truncation);
      const Model model(system.box, system.interactions, precision);
      const Computed computed = compute(system, {precision});
      const Observables found = observables(computed.sums, system.box, reduced_units(), model);
      EXPECT_EQ(digits(found.potential_energy), row.energy);
      EXPECT_EQ(digits(found.virial), row.virial);
      const std::array<Index, 1> counts{static_cast<Index>(system.particles.size())};
      if (row.tail != nullptr) {
        EXPECT_EQ(digits(system.interactions.tail_energy(counts, system.box.volume())), row.tail);
      }
    }
}

}  // namespace
}  // namespace tutti::molecular

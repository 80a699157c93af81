#include "tutti/molecular/units.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::molecular {
namespace {

TEST(Units, ByName) {
  EXPECT_EQ(&units_named("lj"), &reduced_units());
  EXPECT_EQ(&units_named("real"), &real_units());
  EXPECT_THROW(units_named("metal"), UsageError);
}

// As LAMMPS prints them (update.cpp): its constants have fewer digits.
TEST(Units, RealOnesAreThoseOfOthers) {
  EXPECT_NEAR(real_units().boltzmann, 0.0019872067, 3e-9);
  EXPECT_NEAR(real_units().force_to_kick, 1 / (48.88821291 * 48.88821291), 1e-12);
  EXPECT_NEAR(real_units().pressure, 68568.415, 1e-2);
}

}  // namespace
}  // namespace tutti::molecular

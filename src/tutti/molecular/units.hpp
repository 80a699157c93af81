// Systems of units: what the numbers of a particle system mean.
#pragma once

#include <string_view>

namespace tutti::molecular {

/// The factors that tie units together. All lengths, energies, masses and times of a system are in one of
/// them.
struct Units {
  const char* name;
  double boltzmann;  ///< energy / temperature
  double
      force_to_kick;   ///< mass * length / time, of a force (energy / length) that acts for one unit of time
  double pressure;     ///< pressure, of one energy / length^3
  const char* length;  ///< names, for people
  const char* energy;
  const char* time;
};

/// Lennard-Jones units: epsilon, sigma and the mass of one type are 1, and so is Boltzmann's constant.
const Units& reduced_units();

/// Angstrom, kcal/mol, g/mol, femtosecond, kelvin, atmosphere: LAMMPS calls them "real".
const Units& real_units();

/// "lj" or "real".
/// @throws UsageError for any other name
const Units& units_named(std::string_view name);

}  // namespace tutti::molecular

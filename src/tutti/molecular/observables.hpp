// What is measured: energies, virial, pressure, temperature, momentum. All are sums of whole numbers, so
// exact: the same for any division of the particles.
#pragma once

#include <array>
#include <cstdint>

#include "tutti/core/integer.hpp"
#include "tutti/molecular/forces.hpp"
#include "tutti/molecular/motion_constants.hpp"

namespace tutti::molecular {

/// Integers that describe a set of particles; those of all processes add up to those of the whole.
struct Sums {
  PairSums pairs;                       ///< every pair twice, in quanta of energy
  std::array<Int128, 6> kinetic{};      ///< m v_a v_b for xx yy zz xy xz yz, each rounded to quanta of energy
  std::array<Int128, axes> momentum{};  ///< in units of Momentum
  Index particles = 0;

  Sums& operator+=(const Sums& other);
  friend bool operator==(const Sums&, const Sums&) = default;
};

/// Adds what the motion of own particles contributes. Momenta must be those at the time of the positions.
/// @throws SpeedError if a kinetic energy does not fit 62 bits
void add_motion(Sums& sums, const Atoms& atoms, const MotionConstants& constants, const Model& model);

/// Real numbers, each rounded once or twice from the exact sums.
struct Observables {
  double potential_energy;  ///< of all pairs; without tails
  double kinetic_energy;
  double total_energy() const { return potential_energy + kinetic_energy; }
  double virial;                          ///< sum over pairs of r . F
  double temperature;                     ///< of 3 N - 3 degrees of freedom
  double pressure;                        ///< (sum of m v v + virial) / 3V; without tails
  std::array<double, 6> pressure_tensor;  ///< xx yy zz xy xz yz
};

Observables observables(const Sums& sums, const Box& box, const Units& units, const Model& model);

}  // namespace tutti::molecular

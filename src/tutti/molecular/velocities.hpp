// Velocities to start from: of a temperature, the same for any division of the particles.
#pragma once

#include <array>
#include <cstdint>

#include "tutti/molecular/atoms.hpp"
#include "tutti/molecular/motion_constants.hpp"

namespace tutti::molecular {

/// Drawn from the normal distribution of each particle's mass, as a function of (seed, id) alone; then the
/// motion of the whole is taken away, and all are scaled to the temperature. The sum of all momenta is zero,
/// exactly.
///
/// In steps, between which processes add up what they have: each sum is of whole numbers.
class Velocities {
 public:
  /// Sums over particles, to be added up over processes.
  struct Drawn {
    std::array<Int128, axes> momentum{};  ///< of what was drawn, in units of 2^-40
    Int128 mass = 0;                      ///< in units of 2^-40
  };
  struct Centred {
    Int128 energy = 0;  ///< of m v^2, in units of 2^-40
  };
  struct Scaled {
    std::array<Int128, axes> momentum{};  ///< in units of Momentum: what rounding has left
  };

  /// @param temperature  > 0 or 0
  /// @param particles  of all processes; ids are 0 to particles - 1
  /// @throws UsageError for a temperature that is negative or not finite
  Velocities(std::uint64_t seed, double temperature, Index particles, const Units& units,
             const MotionConstants& constants);

  Drawn draw(const Atoms& atoms);
  Centred centre(const Atoms& atoms, const Drawn& total);
  Scaled scale(Atoms& atoms, const Centred& total);
  void balance(Atoms& atoms, const Scaled& total);

 private:
  std::array<double, axes> drawn(const Position& at) const;
  std::array<double, axes> centred(const Position& at) const;

  std::uint64_t seed_;
  double temperature_;
  Index particles_;
  double boltzmann_;
  const MotionConstants* constants_;
  std::array<double, axes> drift_{};
};

/// All steps, for one process that has all particles.
void set_velocities(Atoms& atoms, std::uint64_t seed, double temperature, const Units& units,
                    const MotionConstants& constants);

}  // namespace tutti::molecular

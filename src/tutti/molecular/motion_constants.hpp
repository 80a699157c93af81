// What a time step does to a particle, in the units of positions, momenta and forces.
#pragma once

#include <array>
#include <vector>

#include "tutti/molecular/box.hpp"
#include "tutti/molecular/interactions.hpp"
#include "tutti/molecular/pair_constants.hpp"
#include "tutti/molecular/units.hpp"

namespace tutti::molecular {

struct MotionConstants {
  /// @param time_step  time, > 0
  /// @throws UsageError if it is not, or so short that momenta have too few bits
  MotionConstants(const Box& box, const Interactions& interactions, const Units& units, const Model& model,
                  double time_step);

  double time_step;
  double force_to_kick;            ///< of the units
  double momentum_quantum;         ///< mass * length / time
  double longest_step;             ///< length; a particle that goes further is an error
  std::array<double, 4> length{};  ///< of the unit of positions, edge / 2^64; then 0
  std::vector<std::array<double, 4>>
      displacement{};          ///< units of positions for each of momentum, by type; then 0
  std::vector<double> mass{};  ///< by type
};

}  // namespace tutti::molecular

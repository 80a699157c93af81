// Velocity Verlet, in whole numbers: half a kick, a step, half a kick. Forces depend on positions alone, and
// each kick and step can be undone, so that a run goes back the way that it came, bit for bit.
#pragma once

#include "tutti/core/error.hpp"
#include "tutti/molecular/kernels.hpp"

namespace tutti::molecular {

/// A particle that goes too far in one step: forces are too large for the time step.
class SpeedError : public FormatError {
 public:
  SpeedError(Index id, double way, double longest);
  Index id() const { return data().number[0]; }
};

/// Half kicks by the present forces (one, or two where two steps meet), then a step, of all own particles.
/// @return the longest way of a particle, length
/// @throws SpeedError beyond constants.longest_step; the positions are then not meaningful
double advance(Atoms& atoms, int half_kicks, const MotionConstants& constants, const Kernel& kernel);

/// Half a kick by the present forces.
void half_kick(Atoms& atoms);

/// Turns all momenta around.
void reverse(Atoms& atoms);

}  // namespace tutti::molecular

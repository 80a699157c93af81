// Energies of a configuration, with what a uniform fluid beyond the cutoffs adds.
#pragma once

#include <array>
#include <span>

#include "tutti/molecular/observables.hpp"
#include "tutti/molecular/system_input.hpp"

namespace tutti::molecular {

struct Energies {
  double pairs;  ///< sum over all pairs within the cutoff
  double tail;   ///< 0 unless the input asks for it
  double potential() const { return pairs + tail; }
  double virial;                          ///< sum over pairs of r . F; without the tail
  double pressure;                        ///< of the interactions: virial / 3V, and the tail; at rest
  double tail_pressure;                   ///< what the tail adds to it
  std::array<double, 6> pressure_tensor;  ///< xx yy zz xy xz yz; the tail is in the first three
};

/// @param sums  of all processes
/// @param counts  particles of each type, of all processes
Energies energies(const Sums& sums, std::span<const Index> counts, const Box& box,
                  const Interactions& interactions, const SystemInput& input);

/// A time step that any precision can hold, for what needs one although nothing moves: a 200th of the
/// shortest time that the interactions and masses make.
double usual_time_step(const Interactions& interactions, const Units& units);

}  // namespace tutti::molecular

// The standard Lennard-Jones melt: what molecular dynamics codes are measured with.
#pragma once

#include "tutti/molecular/atoms.hpp"
#include "tutti/molecular/box.hpp"
#include "tutti/molecular/interactions.hpp"
#include "tutti/molecular/motion_constants.hpp"

namespace tutti::molecular {

/// Particles on a face-centred cubic lattice, whose velocities let it melt. Reduced units.
struct Melt {
  Index particles = 32000;    ///< 4 n^3
  double density = 0.8442;    ///< particles / sigma^3
  double temperature = 1.44;  ///< at the start; half of it remains
  double cutoff = 2.5;        ///< sigma
  double time_step = 0.005;   ///< tau
  std::uint64_t seed = 87287;
  Truncation truncation = Truncation::plain;

  /// @throws UsageError if `particles` is not 4 n^3, naming the nearest that is; or for a density that is not
  /// above 0
  Box box() const;
  Interactions interactions() const;

  /// Unit cells along each axis.
  Index lattice() const;
  /// Where a particle starts; ids run over the lattice, x slowest, four of a unit cell together.
  Position start(Index id) const;
  /// Of particles first, first + 1 ..., as many as atoms has. No velocities.
  void place(Atoms& atoms, Index first = 0) const;
};

}  // namespace tutti::molecular

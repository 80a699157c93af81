// How far particles have come since the start of a run.
#pragma once

#include "tutti/array/dist_vector.hpp"
#include "tutti/simulation/simulation.hpp"

namespace tutti::simulation {

/// Where the particles were at the start, by id. 32 bytes a particle, divided among the ranks.
class Displacements {
 public:
  using Start = std::array<std::uint64_t, 4>;

  /// Collective. The start is now.
  explicit Displacements(Simulation& simulation);

  /// Collective. The mean of the squares of all ways, length^2, the boundaries of the box ignored. An exact
  /// sum, rounded once.
  double mean_square(Simulation& simulation);

  /// Fractions of the box and the word of image counters, as saved in a checkpoint.
  DistVector<Start>& start() { return start_; }

 private:
  DistVector<Start> start_;
};

}  // namespace tutti::simulation

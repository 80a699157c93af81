// Checkpoints of a run: what P ranks wrote, Q ranks continue, with the same bits.
#pragma once

#include "tutti/checkpoint/checkpoints.hpp"
#include "tutti/simulation/displacements.hpp"
#include "tutti/simulation/simulation.hpp"

namespace tutti::simulation {

/// Collective. Writes positions and momenta by id: the same bytes on any number of ranks.
/// @param notes  of the caller, beside those of the state; whose names do not begin with "state"
/// @param start  of mean-square displacements, if they are wanted
/// @return the folder of the checkpoint
/// @param arrays  of the caller, too
std::string save(Checkpoints& checkpoints, Simulation& simulation, Notes notes,
                 const std::vector<SavedArray>& arrays, Displacements* start);

/// What a checkpoint has.
struct Saved {
  Atoms atoms;  ///< this rank's block of ids
  Index step = 0;
  Notes notes;
};

/// Collective, within Checkpoints::restore().
/// @throws FormatError if the checkpoint is of another system: box, interactions, precision or time step
Saved load(const World& world, const Checkpoint& checkpoint, const DynamicsSetup& setup);

/// Of box, interactions, units, precision and time step: what the bits of a run depend on.
std::uint64_t hash_of_physics(const DynamicsSetup& setup);

}  // namespace tutti::simulation

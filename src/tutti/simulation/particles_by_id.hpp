// Particles as files have them, one after another on one rank: for trajectories and forces that are written.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "tutti/formats/particle.hpp"
#include "tutti/simulation/simulation.hpp"

namespace tutti::simulation {

/// Collective. All particles by their ids, numbered from 1 on, piece by piece, on rank 0: positions in the
/// box, images, velocities, and forces. Each piece is one message; rank 0 holds no more than one of 1 MiB.
/// @param what  that is done with them, for errors: "write run.dcd"
/// @param take  called on rank 0; its failure is thrown on all ranks, when all pieces have passed
/// @throws BudgetError, and what `take` throws, on all ranks
void visit_by_id(Simulation& simulation, const std::string& what,
                 const std::function<void(std::span<const formats::Particle>)>& take, Site site = {});

}  // namespace tutti::simulation

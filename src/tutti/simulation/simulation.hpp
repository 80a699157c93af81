// Molecular dynamics on the ranks of a World: the same bits for any number of them, wherever particles live.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "tutti/comm/world.hpp"
#include "tutti/molecular/dynamics.hpp"
#include "tutti/simulation/placement.hpp"

namespace tutti::simulation {

using molecular::Atoms;
using molecular::DynamicsSetup;

class Division;

/// What a step moves, and how work is divided.
struct Traffic {
  Index rebuilds = 0;              ///< how often particles were sorted anew
  std::uint64_t bytes_a_step = 0;  ///< of positions, that come to all ranks together from others
  std::uint64_t most_bytes = 0;    ///< to one rank
  Index most_particles = 0;        ///< own ones of one rank
};

/// A run at constant energy, as molecular::Dynamics. Positions and momenta are those of the same time
/// whenever a call has returned. Everything is collective, but what is said not to be.
///
/// An overlap, or a particle that goes too far, is thrown by the same call on all ranks, as a FormatError
/// with the text and data of OverlapError or SpeedError (of several, that of the lowest rank); the state is
/// then not meaningful.
class Simulation {
 public:
  /// Collective. Forces of the start are computed. A spatial placement that is impossible, since the box has
  /// fewer cells than there are ranks, becomes another one: see note().
  /// @param mine  some of the particles, in any order; those of all ranks are all of them. Ids are
  /// neighbouring
  ///              numbers, each once
  /// @throws on all ranks, UsageError as DynamicsSetup::reach(), Model and MotionConstants; FormatError for
  ///         other ids; BudgetError; FormatError of an overlap; MismatchError if ranks give different setups
  Simulation(const World& world, const DynamicsSetup& setup, Atoms mine,
             Placement placement = Placement::automatic, Site site = {});
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  ~Simulation();

  /// As molecular::set_velocities().
  void set_velocities(std::uint64_t seed, double temperature);

  /// One packet a step, and the messages that the placement needs; a dozen where particles are sorted anew.
  /// @throws on all ranks, FormatError of an overlap or of a particle that goes too far
  void run(Index steps, Site site = {});

  /// Turns all momenta around: the run goes back the way that it came. Not collective, but all ranks must.
  void reverse();

  /// Of all particles.
  molecular::Sums sums();
  molecular::Observables observables();
  std::uint64_t hash();
  Traffic traffic();

  /// This rank's block of ids (Layout block, from first_id() on), in their order: positions, momenta and
  /// forces, copied. What does not depend on the placement is made of it.
  Atoms by_id();

  // Not collective.
  const World& world() const { return world_; }
  const DynamicsSetup& setup() const { return setup_; }
  const molecular::Model& model() const { return model_; }
  const molecular::MotionConstants& motion() const { return motion_; }
  Index particles() const { return particles_; }
  Index first_id() const { return first_id_; }
  Placement placement() const { return placement_; }
  const std::string& note() const { return note_; }  ///< why it is another one than was asked for; or nothing
  const Atoms& own() const;                          ///< particles of this rank
  Index steps() const { return steps_; }
  void set_steps(Index steps) { steps_ = steps; }  ///< of a run that is continued
  /// What this rank sees, and who is near to whom in it; up to date.
  molecular::View view() const;
  const molecular::Rows& rows() const { return rows_; }

 private:
  void choose(Placement wanted, const molecular::Grid& grid);
  bool fits(Placement placement) const;
  void check_ids(const Atoms& mine);
  bool move(int half_kicks);
  void rebuild();
  void compute_forces(molecular::Which which);
  void raise(Site site);
  void step(bool first);

  World world_;
  DynamicsSetup setup_;
  molecular::Model model_;
  molecular::MotionConstants motion_;
  const molecular::Kernel* kernel_;
  Index particles_ = 0;
  Index first_id_ = 0;
  Placement placement_ = Placement::automatic;
  std::string note_;
  std::unique_ptr<Division> division_;
  molecular::Rows rows_;
  molecular::PairWork work_;
  std::exception_ptr failure_;  // of this rank, that the others have yet to hear of
  double travelled_ = 0;        // by the fastest particles of this rank, since rows were made
  Index steps_ = 0;
  Index rebuilds_ = 0;
};

}  // namespace tutti::simulation

// Molecular dynamics of one process that has all particles: the pieces of this room put together.
#pragma once

#include "tutti/molecular/cells.hpp"
#include "tutti/molecular/observables.hpp"

namespace tutti::molecular {

/// What a run needs to know, beside the particles.
struct DynamicsSetup {
  Box box;
  Interactions interactions;
  Precision precision = Precision::full;
  double time_step = 0.005;
  const Units* units = &reduced_units();
  double skin =
      0;  ///< length beyond the cutoff within which neighbours are listed; 0: chosen. Never shows in the bits

  /// How far neighbours are listed: the cutoff and the skin.
  /// @throws UsageError for a skin below 0 or above a third of the cutoff
  double reach() const;
  /// How long rows hold: twice the longest ways since they were made may add up to this.
  double longest_travel() const { return 0.999 * (reach() - interactions.longest_cutoff()); }
};

/// A run at constant energy. Positions and momenta are those of the same time whenever run() has returned.
class Dynamics {
 public:
  /// Forces of the start are computed.
  /// @throws UsageError for a skin below 0 or above a third of the cutoff, and as Model and MotionConstants;
  ///         OverlapError
  Dynamics(const DynamicsSetup& setup, Atoms atoms, memory::Ledger& ledger,
           const Kernel& kernel = molecular::kernel());

  /// As molecular::set_velocities(), for ids from 0 on without gaps.
  void set_velocities(std::uint64_t seed, double temperature);

  Dynamics(const Dynamics&) = delete;
  Dynamics& operator=(const Dynamics&) = delete;

  /// @throws OverlapError, SpeedError; the state is then not meaningful
  void run(Index steps);

  /// Turns all momenta around: the run goes back the way that it came.
  void reverse();

  Sums sums();
  Observables observables();
  std::uint64_t hash() const;

  const DynamicsSetup& setup() const { return setup_; }
  const Model& model() const { return model_; }
  const MotionConstants& motion() const { return motion_; }
  const Atoms& atoms() const { return atoms_; }
  Index steps() const { return steps_; }

  /// How often rows were made.
  Index rebuilds() const { return rebuilds_; }
  const Rows& rows() const { return rows_; }

 private:
  void rebuild();
  void compute_forces();

  DynamicsSetup setup_;
  Model model_;
  MotionConstants motion_;
  Atoms atoms_;
  const Kernel* kernel_;
  Cells cells_;
  Rows rows_;
  PairWork work_;
  double travelled_ = 0;  // by the fastest particles, since rows were made
  Index steps_ = 0;
  Index rebuilds_ = 0;
};

}  // namespace tutti::molecular

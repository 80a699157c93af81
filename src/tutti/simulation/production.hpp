// A whole run: from its start, or from a checkpoint, with all that is observed and written on the way.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tutti/simulation/saved_state.hpp"
#include "tutti/simulation/streams.hpp"

namespace tutti::simulation {

/// Where a run begins.
struct System {
  DynamicsSetup setup;
  /// Collective. This rank's part of the particles, with momenta if `temperature` is none.
  std::function<Atoms(const World& world)> particles;
  std::optional<double> temperature = {};  ///< of velocities that are drawn
  std::uint64_t seed = 1;
  /// What a uniform fluid beyond the cutoffs adds to what is observed (Interactions::tail_energy()).
  double tail_energy = 0;    ///< energy, of all particles
  double tail_pressure = 0;  ///< pressure
};

struct ProductionOptions {
  Index steps = 0;    ///< of the whole run, with those before a checkpoint
  Index every = 100;  ///< steps between two observations
  StreamOptions files = {};
  std::optional<std::string> pair_distribution = {};  ///< g(r), a file
  Index bins = 200;                                   ///< of g(r), up to the cutoff
  std::optional<std::string> checkpoints = {};        ///< a folder
  Index checkpoint_every = 0;                         ///< steps; 0: at the end only
  bool restart = false;                               ///< from the newest checkpoint
};

class Production {
 public:
  /// Collective. Particles are where they start.
  /// @throws UsageError for numbers of steps below 0 or 1; FileError if there is no checkpoint to restart
  /// from;
  ///         as Simulation
  Production(const World& world, const System& system, const ProductionOptions& options, Placement placement);
  Production(const Production&) = delete;
  Production& operator=(const Production&) = delete;
  ~Production();

  Simulation& simulation() { return *simulation_; }
  bool is_continued() const { return notes_.has_value(); }

  /// Collective. All steps.
  /// @param observe  is called on every rank with what is observed, at the start (unless it is continued),
  /// every
  ///                 so many steps and at the end
  /// @param progress  is called with the part that is done, 0 to 1
  void run(const std::function<void(const Row&)>& observe, const std::function<void(double)>& progress);

 private:
  void check(const ProductionOptions& options) const;
  void begin(const System& system, Placement placement);
  void go_on(const System& system, Placement placement);
  struct Continued;
  Continued restore(const System& system);
  void read_pairs(const Checkpoint& checkpoint, const Notes& notes);
  Row look();
  void count_pairs();
  void save();
  void write_pair_distribution();
  std::vector<Index> all_pairs() const;
  Index next_stop() const;

  World world_;
  ProductionOptions options_;
  std::optional<Checkpoints> checkpoints_;
  std::optional<Notes> notes_;  // of the checkpoint that it is continued from
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Displacements> displacements_;
  std::vector<Index> pairs_;  // at distances, of this rank, so far
  Index frames_ = 0;          // of g(r)
  std::optional<Streams> streams_;
  double tail_energy_;
  double tail_pressure_;
};

/// Collective. Whether a run goes back the way that it came: `steps` forward, all momenta turned around,
/// `steps` back, turned around again. If so, the state is what it was, bit for bit.
bool goes_back(Simulation& simulation, Index steps);

}  // namespace tutti::simulation

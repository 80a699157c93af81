// What a run writes while it goes on: a table of what is observed, and a trajectory. Rank 0 writes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tutti/checkpoint/notes.hpp"
#include "tutti/formats/table_writer.hpp"
#include "tutti/formats/trajectory_writer.hpp"
#include "tutti/simulation/simulation.hpp"

namespace tutti::simulation {

/// What is observed at one time.
struct Row {
  Index step = 0;
  double time = 0;
  molecular::Observables seen{};
  std::uint64_t hash = 0;  ///< of the state
  std::optional<double> mean_square_displacement = {};
};

struct StreamOptions {
  std::optional<std::string> table = {};       ///< files; none: not written
  std::optional<std::string> trajectory = {};  ///< its kind by the end of its name
  Index trajectory_every = 1;                  ///< steps; for the header of a DCD
  bool displacements = false;                  ///< a column of the table
};

/// "c9b6a5d6ab4e296e".
std::string hash_text(std::uint64_t hash);

/// A checkpoint keeps their marks; a run that goes on from it cuts them there, so that they become what they
/// would have been without an interruption.
class Streams {
 public:
  /// Collective. New files, or, with the notes of a checkpoint that knows them, those of the run that wrote
  /// it.
  /// @throws on all ranks, what formats::TableWriter and create_trajectory() throw
  Streams(Simulation& simulation, const StreamOptions& options, const Notes* notes);

  /// Collective.
  void write(const Row& row);
  /// Collective. In parts of a few MiB, whatever the number of particles. All that a text can hold: positions
  /// within the box, velocities, images.
  void write_frame(Simulation& simulation);

  /// Collective. Forces all to the medium, and says where it ends.
  void mark(Notes& notes);

 private:
  const World& world() const { return simulation_->world(); }

  Simulation* simulation_;
  StreamOptions options_;
  std::optional<formats::TableWriter> table_;  // on rank 0
  std::unique_ptr<formats::TrajectoryWriter> trajectory_;
};

}  // namespace tutti::simulation

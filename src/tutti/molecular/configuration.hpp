// A system read from a file of particles, as an input describes it: box, interactions, and the particles of
// one process.
#pragma once

#include <string>
#include <vector>

#include "tutti/formats/particle_reader.hpp"
#include "tutti/molecular/atoms.hpp"
#include "tutti/molecular/motion_constants.hpp"
#include "tutti/molecular/system_input.hpp"

namespace tutti::molecular {

/// Which particles of a file a process keeps: those that stand in its part-th of `parts` equal blocks of
/// lines.
struct FilePart {
  int part = 0;
  int parts = 1;
};

struct Configuration {
  Box box;
  std::array<double, axes> corner;  ///< where the file has the corner of the box
  Interactions interactions;
  std::vector<std::string> types;              ///< names, by number
  Index particles;                             ///< of the whole file; their ids are 1 to this
  std::vector<Index> counts;                   ///< of these, of each type
  Atoms atoms;                                 ///< of this process, in the order of the file; without momenta
  memory::Buffer<formats::Vector> velocities;  ///< one for each of atoms; empty: the file has none

  /// Momenta from the velocities.
  /// @throws UsageError for a velocity that momenta of this precision and time step do not hold
  void set_momenta(const MotionConstants& constants);
};

/// Reads a file, wholly: each process reads all of it, and keeps its part. No process needs more memory than
/// for that, one bit for each particle, and some MiB.
/// @throws FileError, FormatError, IoError; BudgetError as Ledger::book(); UsageError for an input that does
/// not describe the file (no box, a type that is unknown, other units), and a cutoff above half the box
Configuration read_configuration(const std::string& path, const formats::ReadOptions& options,
                                 const SystemInput& input, const FilePart& part, memory::Ledger& ledger);

}  // namespace tutti::molecular

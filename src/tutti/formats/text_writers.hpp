// Trajectories as text: extended XYZ, and LAMMPS's dump.
#pragma once

#include <utility>

#include "tutti/formats/trajectory_writer.hpp"

namespace tutti::formats {

/// Numbers are the shortest text that reads back as the same bits.
class ExtendedXyzWriter : public TrajectoryWriter {
 public:
  ExtendedXyzWriter(files::AppendFile file, const TrajectoryOptions& options, Index frames)
      : TrajectoryWriter(std::move(file), options, frames) {}

 protected:
  void write_head() override;
  void write_part(std::span<const Particle> particles) override;
};

class LammpsDumpWriter : public TrajectoryWriter {
 public:
  LammpsDumpWriter(files::AppendFile file, const TrajectoryOptions& options, Index frames)
      : TrajectoryWriter(std::move(file), options, frames) {}

 protected:
  void write_head() override;
  void write_part(std::span<const Particle> particles) override;
};

/// Before anything is cut: whether a line ends at the mark.
/// @throws FormatError, OutputError
void check_lines(const std::string& path, const Mark& mark);

}  // namespace tutti::formats

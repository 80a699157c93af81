// DCD, the binary trajectory of CHARMM, NAMD and LAMMPS: positions as float32, with the unit cell of each
// frame. The layout is that of VMD's dcdplugin: Fortran records, each between two copies of its length;
// little-endian.
//
//   84   "CORD", frames, first step, steps between frames, ..., time step, has cells, ..., version 24     84
//   84   number of lines of a title, each of 80 letters                                                   84
//   4    particles                                                                                        4
//   then of each frame
//   48   A gamma B beta alpha C, float64; angles in degrees                                               48
//   4 N  x of all particles; the same for y and z                                                         4 N
#pragma once

#include <optional>
#include <utility>

#include "tutti/formats/trajectory_writer.hpp"

namespace tutti::formats {

/// The number of frames in the header is that of the whole frames in the file, at every moment.
class DcdWriter : public TrajectoryWriter {
 public:
  DcdWriter(files::AppendFile file, const TrajectoryOptions& options, Index frames);

 protected:
  void write_head() override;
  void write_part(std::span<const Particle> particles) override;
  void finish() override;

 private:
  void write_file_head();
  void put_number(Index offset, std::int32_t number);

  std::optional<Index> particles_;  // of the header
};

/// Before anything is cut: whether the file is a DCD of ours, with so many frames before the mark.
/// @throws FormatError, FileError
void check_dcd(const std::string& path, const Mark& mark);

}  // namespace tutti::formats

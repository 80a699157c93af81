// What a data file of LAMMPS holds, and where: its first reading, of which no particle is kept.
// https://docs.lammps.org/read_data.html describes the format.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tutti/formats/lines.hpp"
#include "tutti/formats/particle_reader.hpp"

namespace tutti::formats {

struct LammpsDataHeader {
  Index particles = 0;
  std::size_t types = 0;
  Vector edges{};
  Vector corner{};
  std::vector<double> masses;  // empty: no such section
  std::optional<std::string> units;

  std::optional<AtomStyle> style;  // as the file says behind "Atoms"
  files::LineReader::Place atoms;  // behind the line "Atoms"
  std::optional<files::LineReader::Place> velocities;
};

/// Reads the whole file, and leaves it at its end.
/// @throws FormatError for what is not understood, or not ignored; for sections that have not as many lines
/// as stated
LammpsDataHeader read_lammps_header(Lines& lines, const Ignore& ignore);

}  // namespace tutti::formats

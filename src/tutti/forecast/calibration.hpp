// What an MPI takes on this machine: measured once, by starting a small program on 1, 2, 4, 8 and 16 ranks,
// and kept for each MPI and version.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/forecast/base.hpp"

namespace tutti::forecast {

struct CalibrationRequest {
  std::string mpi;                   ///< "openmpi" or "mpich"
  std::string library;               ///< "Open MPI v4.1.4"
  std::vector<std::string> program;  ///< writes calibration_line() on rank 0
  std::optional<std::string> mpiexec;
  double seconds = 60;  ///< for each start
};

/// What the small program says: the sums over the ranks of its node.
std::string calibration_line(const BasePoint& point);

/// Starts the program, some seconds in all; counts for which the node has too little memory are left out, and
/// so is everything beyond a start that fails.
/// @throws what launch::plan_launch() throws; LauncherError if even one rank does not start.
Base calibrate(const CalibrationRequest& request);

/// Keeps it for the next time. @return why it could not be kept; empty if it was.
std::string keep(const Base& base, const std::string& mpi);

/// What was kept for this MPI: of this version, or of the one measured last if `library` is empty.
std::optional<Base> kept(const std::string& mpi, const std::string& library = {});

/// The text in which it is kept, and back; nothing for anything else.
std::string base_text(const Base& base);
std::optional<Base> parse_base(std::string_view text);

}  // namespace tutti::forecast

// What programs, libraries and MPI take on a node before the first array.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/forecast/job.hpp"
#include "tutti/launch/launcher.hpp"

namespace tutti::forecast {

/// Of one node with so many ranks, after they have all exchanged messages; bytes.
struct BasePoint {
  int ranks = 0;
  std::uint64_t pss = 0;
  std::uint64_t page_tables = 0;

  friend bool operator==(const BasePoint&, const BasePoint&) = default;
};

/// Memory of a node as a function of its ranks R, through a few measured points.
///
/// Between the points: straight lines, so at the counts that were measured it is what was measured. Beyond:
/// a + b R + c R^2 with a, b, c >= 0, by least squares of relative errors. Each term has its reason: a is
/// what the node has once (code of programs and libraries, whose pages all ranks share), b what each rank has
/// for itself, c what MPI keeps for each pair of ranks. Without the pairs a forecast for 128 ranks would be
/// too small where the 16 that a workstation starts show little of them; with negative terms it could be
/// anything.
class Base {
 public:
  /// @param points  at least one, with ranks >= 1, in any order
  Base(std::vector<BasePoint> points, Origin origin, std::string library);

  /// Figures of another machine (docs/memory.md).
  static Base assumed(launch::LauncherKind mpi);

  /// For a node with so many ranks.
  BasePoint at(int ranks) const;
  bool extrapolates(int ranks) const { return ranks > points_.back().ranks || ranks < points_.front().ranks; }
  /// The fitted function, also where at() takes the points themselves.
  BasePoint fitted(int ranks) const;

  const std::vector<BasePoint>& points() const { return points_; }  ///< by ranks
  Origin origin() const { return origin_; }
  const std::string& library() const { return library_; }  ///< the MPI: "Open MPI v4.1.4"
  /// "measured here on 1-16 ranks", "measured here on 1-16 ranks, extrapolated to 128", "assumed".
  std::string origin_text(int ranks) const;

 private:
  struct Curve {
    double once = 0, each = 0, pair = 0;
    double operator()(double ranks) const { return once + ranks * (each + ranks * pair); }
  };
  Curve fit(std::uint64_t BasePoint::*value) const;

  std::vector<BasePoint> points_;
  Origin origin_;
  std::string library_;
  Curve pss_, page_tables_;
};

}  // namespace tutti::forecast

// Two particles too near to each other.
#pragma once

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/molecular/precision.hpp"

namespace tutti::molecular {

/// Their force would not fit the integers of the chosen precision: bad input, or a time step that is too
/// long.
class OverlapError : public FormatError {
 public:
  /// @param distance, smallest  lengths
  OverlapError(Index first, Index second, double distance, double smallest, Precision precision);

  Index first() const { return data().number[0]; }  ///< ids of the two particles
  Index second() const { return data().number[1]; }
  double distance() const { return distance_; }

  static constexpr const char* name = "overlap";  ///< the subject of such errors, which all ranks know

 private:
  double distance_;
};

}  // namespace tutti::molecular

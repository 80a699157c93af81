// How good forecasts have been on this machine: each measured run is compared with what would have been
// forecast for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tutti/forecast/base.hpp"
#include "tutti/forecast/job.hpp"
#include "tutti/memory/memory_report.hpp"

namespace tutti::forecast {

/// Bytes of the fullest node of a run: its PSS, and the forecast from the names in the books and what MPI
/// takes here.
struct Comparison {
  std::uint64_t forecast = 0;
  std::uint64_t measured = 0;
  std::string text;  ///< "forecast 1.05 GiB, measured 1.04 GiB on the fullest node: 0.9 % too much"

  /// |forecast - measured| / measured
  double error() const;
};

/// Compares, and adds the result to the history, which keeps the last 200. Not added are nodes below 128 MiB,
/// where the 4 MiB that a forecast may be wrong by are more than 3 %, and what was forecast with assumed
/// figures of MPI: nothing is measured for a comparison.
///
/// Not collective, to be called by one rank. Trouble with the cache is no error: the text says so.
/// @throws ShapeError if the report makes no sense
Comparison compare(const MemoryReport& report);

/// What a run took beyond its books and `base`, on each rank of its fullest node: memory that the program has
/// and nobody booked. For a forecast of other numbers of ranks, of which each is assumed to take as much.
Array unbooked(const MemoryReport& report, const Base& base);

/// The errors of the past.
struct PastErrors {
  std::size_t runs = 0;
  double median = 0;  ///< relative
  double worst = 0;
  /// "15 runs here: median 0.9 %, worst 1.6 %", "none yet"
  std::string text() const;
};
PastErrors past_errors();

}  // namespace tutti::forecast

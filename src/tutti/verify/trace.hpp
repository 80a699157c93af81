// The traces of two runs of a program that is linked with tutti: one line for each reduction, in program
// order.
//
//   # tutti trace 1
//   sum<TAB>1<TAB>dot.cpp:8<TAB>0x1.8p+1
//
// name (behind a blank, a note in quotes), sequence from 1, call site (or -), results as hexfloats or
// integers with blanks between. The first line occurs again for each further World of the program.
#pragma once

#include <optional>
#include <string>

#include "tutti/core/integer.hpp"
#include "tutti/verify/tokens.hpp"

namespace tutti::verify {

struct Trace {
  std::string path;
  std::string run;  ///< what errors call the run: "3 ranks (openmpi)"
  int ranks = 1;
};

/// A reduction, without its results.
struct Reduction {
  Index sequence = 0;
  std::string name;  ///< with its note
  std::string site;

  /// Whether it is the same call; notes may differ (paths of files), and so do numbers behind calls left out.
  bool same_call(const Reduction& other) const;
};

/// The first reduction that is not the same.
struct TraceDifference {
  std::optional<Reduction> a, b;     ///< one is missing: that run made fewer reductions
  std::optional<std::size_t> value;  ///< which of its results differs, from 0, if the reductions are the same
  std::string value_a, value_b;
  Distance apart;
};

/// When reductions are the same.
struct TraceRules {
  std::vector<Pattern> ignore;  ///< leaves out calls of which "name at site" matches
  bool mask_ranks = false;      ///< results that equal the number of ranks may differ
  Tolerance tolerance;
};

/// @throws FormatError for what is no such trace.
std::optional<TraceDifference> compare_traces(const Trace& a, const Trace& b, const TraceRules& rules);

/// Reductions in a trace, without those left out.
/// @throws FormatError as above.
Index count_reductions(const Trace& trace, const TraceRules& rules);

}  // namespace tutti::verify

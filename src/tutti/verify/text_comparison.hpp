// Two texts line by line: what two runs printed, or a file that both wrote.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/verify/tokens.hpp"

namespace tutti::verify {

/// Which lines count, and when two of them are the same.
struct Rules {
  bool sorted = false;          ///< the order of lines does not count
  std::vector<Pattern> match;   ///< only lines that match one of them; empty: all
  std::vector<Pattern> ignore;  ///< and none of these
  Masks masks;
  Tolerance tolerance;
  std::function<void()> between;  ///< called now and then while much is compared; may throw

  bool counts(std::string_view line) const;
};

/// More cannot be sorted, in bytes that the lines of one text that count take in memory.
inline constexpr std::size_t most_sorted = std::size_t{256} << 20U;

struct Text {
  std::string path;
  std::string name;  ///< what errors call it
  int ranks = 1;     ///< of the run that wrote it
};

/// A line and where it stands.
struct PlacedLine {
  Index number = 0;  ///< from 1, of all lines
  std::string line;
};

struct TextDifference {
  std::optional<PlacedLine> a, b;  ///< one is missing: the other text has no such line
  LineDifference where;            ///< if none is
};

/// The first difference; nothing if the texts are the same. Memory: a line of each, or all of them if sorted.
/// @throws FormatError for lines that are too long, or too many to be sorted; FileError, IoError.
std::optional<TextDifference> compare_texts(const Text& a, const Text& b, const Rules& rules);

/// What there is to compare.
struct TextCount {
  Index all = 0;      ///< lines
  Index lines = 0;    ///< those that count, and are not masked wholly
  Index numbers = 0;  ///< in them, without masked ones
};
TextCount count(const Text& text, const Rules& rules);

}  // namespace tutti::verify

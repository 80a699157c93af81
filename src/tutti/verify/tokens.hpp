// A line as what is compared: text, numbers, and what a mask covers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/verify/number.hpp"
#include "tutti/verify/pattern.hpp"

namespace tutti::verify {

/// What may differ although the results are the same.
struct Masks {
  bool ranks = false;  ///< numbers that equal the run's rank count
  bool time = false;   ///< numbers with a unit of time, after a word for it, and clock times
  std::vector<Pattern> patterns;

  bool any() const { return ranks || time || !patterns.empty(); }
};

enum class TokenKind : unsigned char {
  text,
  blank,  ///< any number of spaces and tabs
  number,
  masked,
};

struct Token {
  TokenKind kind = TokenKind::text;
  std::size_t begin = 0;    ///< first byte in the line
  std::string_view text;    ///< of the line
  Number number;            ///< if it is one
  bool rank_count = false;  ///< a number that equals the rank count, where that is masked
};

/// The tokens of a line, without blanks at its ends; they point into the line.
/// @param ranks  of the run that wrote it
std::vector<Token> tokens_of(std::string_view line, const Masks& masks, int ranks);

/// Where two lines first differ.
struct LineDifference {
  std::size_t column_a = 0, column_b = 0;  ///< in bytes, from 1; behind the end if a line has ended
  std::size_t ordinal = 0;                 ///< of the number in its line, from 1; 0: the text differs
  std::string number_a, number_b;
  Distance apart;
};

/// Nothing if the lines are the same.
std::optional<LineDifference> compare_lines(std::string_view a, const std::vector<Token>& tokens_a,
                                            std::string_view b, const std::vector<Token>& tokens_b,
                                            const Tolerance& tolerance);

}  // namespace tutti::verify

#include "tutti/verify/text_comparison.hpp"

#include <algorithm>
#include <compare>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/line_reader.hpp"

namespace tutti::verify {

namespace {

using files::LineReader;

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

bool any(const std::vector<Pattern>& patterns, std::string_view line) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return pattern.matches(line); });
}

bool next_that_counts(LineReader& reader, const Rules& rules, std::string_view& line) {
  while (reader.next(line))
    if (rules.counts(line)) return true;
  return false;
}

std::optional<LineDifference> compare(std::string_view a, int ranks_a, std::string_view b, int ranks_b,
                                      const Rules& rules) {
  if (a == b) return std::nullopt;
  return compare_lines(a, tokens_of(a, rules.masks, ranks_a), b, tokens_of(b, rules.masks, ranks_b),
                       rules.tolerance);
}

std::optional<TextDifference> compare_in_order(const Text& a, const Text& b, const Rules& rules) {
  LineReader left(a.path, a.name, {.between = rules.between});
  LineReader right(b.path, b.name, {.between = rules.between});
  std::string_view line_a;
  std::string_view line_b;
  while (true) {
    const bool more_a = next_that_counts(left, rules, line_a);
    const bool more_b = next_that_counts(right, rules, line_b);
    if (!more_a && !more_b) return std::nullopt;
    TextDifference difference;
    if (more_a && more_b) {
      const auto where = compare(line_a, a.ranks, line_b, b.ranks, rules);
      if (!where) continue;
      difference.where = *where;
    }
    if (more_a) difference.a = PlacedLine{left.number(), std::string(line_a)};
    if (more_b) difference.b = PlacedLine{right.number(), std::string(line_b)};
    return difference;
  }
}

// A line as it is sorted: first by what it says, then by its numbers, so that numbers that differ within a
// tolerance still meet.
struct SortedLine {
  std::string words;
  std::vector<double> numbers;
  PlacedLine placed;

  std::size_t bytes() const {
    return sizeof *this + words.capacity() + placed.line.capacity() + numbers.capacity() * sizeof(double);
  }

  bool operator<(const SortedLine& other) const {
    if (words != other.words) return words < other.words;
    if (numbers != other.numbers)
      return std::lexicographical_compare(
          numbers.begin(), numbers.end(), other.numbers.begin(), other.numbers.end(),
          [](double x, double y) { return std::is_lt(std::strong_order(x, y)); });  // NaN has a place, too
    return placed.line < other.placed.line;
  }
};

std::vector<SortedLine> sorted_lines(const Text& text, const Rules& rules) {
  std::vector<SortedLine> result;
  LineReader reader(text.path, text.name, {.between = rules.between});
  std::size_t bytes = 0;
  for (std::string_view line; next_that_counts(reader, rules, line);) {
    SortedLine sorted{{}, {}, {reader.number(), std::string(line)}};
    for (const Token& token : tokens_of(line, rules.masks, text.ranks)) {
      const bool number = token.kind == TokenKind::number;
      if (number && !token.rank_count) sorted.numbers.push_back(token.number.value);
      sorted.words += number                            ? std::string_view("#")
                      : token.kind == TokenKind::masked ? std::string_view("*")
                      : token.kind == TokenKind::blank  ? std::string_view(" ")
                                                        : token.text;
    }
    bytes += sorted.bytes();
    if (bytes > most_sorted)
      throw FormatError(tutti::text(text.name, ": --sorted: more lines than ", bytes_text(most_sorted),
                                    " of memory hold; choose fewer by --match or --ignore"),
                        {text.name, {}});
    result.push_back(std::move(sorted));
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::optional<TextDifference> compare_sorted(const Text& a, const Text& b, const Rules& rules) {
  const std::vector<SortedLine> left = sorted_lines(a, rules);
  const std::vector<SortedLine> right = sorted_lines(b, rules);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    if (i >= right.size()) return TextDifference{left[i].placed, std::nullopt, {}};
    if (i >= left.size()) return TextDifference{std::nullopt, right[i].placed, {}};
    const auto where = compare(left[i].placed.line, a.ranks, right[i].placed.line, b.ranks, rules);
    if (!where) continue;
    // Other words: the lower of the two lines stands in one text only.
    if (left[i].words < right[i].words) return TextDifference{left[i].placed, std::nullopt, {}};
    if (right[i].words < left[i].words) return TextDifference{std::nullopt, right[i].placed, {}};
    return TextDifference{left[i].placed, right[i].placed, *where};
  }
  return std::nullopt;
}

}  // namespace

// Empty lines say nothing, in whatever order.
bool Rules::counts(std::string_view line) const {
  return !is_blank(line) && (match.empty() || any(match, line)) && !any(ignore, line);
}

std::optional<TextDifference> compare_texts(const Text& a, const Text& b, const Rules& rules) {
  return rules.sorted ? compare_sorted(a, b, rules) : compare_in_order(a, b, rules);
}

TextCount count(const Text& text, const Rules& rules) {
  TextCount result;
  LineReader reader(text.path, text.name, {.between = rules.between});
  for (std::string_view line; reader.next(line);) {
    ++result.all;
    if (!rules.counts(line)) continue;
    bool may_differ = false;
    for (const Token& token : tokens_of(line, rules.masks, text.ranks)) {
      if (token.kind == TokenKind::masked || token.kind == TokenKind::blank || token.rank_count) continue;
      may_differ = true;
      if (token.kind == TokenKind::number) ++result.numbers;
    }
    if (may_differ) ++result.lines;
  }
  return result;
}

}  // namespace tutti::verify

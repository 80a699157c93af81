#include "tutti/verify/tokens.hpp"

#include <algorithm>

#include "tutti/verify/time_mask.hpp"

namespace tutti::verify {

namespace {

bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

// What the users' patterns cover, in order and without overlaps.
std::vector<Part> masked_parts(std::string_view line, const std::vector<Pattern>& patterns) {
  std::vector<Part> all;
  for (const Pattern& pattern : patterns)
    for (const Part& part : pattern.parts(line)) all.push_back(part);
  std::sort(all.begin(), all.end(), [](const Part& a, const Part& b) { return a.begin < b.begin; });
  std::vector<Part> result;
  for (const Part& part : all) {
    if (!result.empty() && part.begin < result.back().end)
      result.back().end = std::max(result.back().end, part.end);
    else
      result.push_back(part);
  }
  return result;
}

class Scanner {
 public:
  Scanner(std::string_view line, std::vector<Token>& tokens) : line_(line), tokens_(tokens) {}

  // Tokens of [begin, end), which no mask covers.
  void scan(std::size_t begin, std::size_t end) {
    const std::string_view visible = line_.substr(0, end);
    for (std::size_t at = begin; at < end;) {
      if (is_blank(line_[at])) {
        const std::size_t first = at;
        while (at < end && is_blank(line_[at])) ++at;
        add(TokenKind::blank, first, at);
      } else if (const auto number = number_at(visible, at)) {
        add(TokenKind::number, at, at + number->text.size());
        tokens_.back().number = *number;
        at += number->text.size();
      } else {
        at = text(visible, at);
      }
    }
  }

  void mask(const Part& part) { add(TokenKind::masked, part.begin, part.end); }

 private:
  // A word, or one byte that belongs to none.
  std::size_t text(std::string_view visible, std::size_t at) {
    const std::size_t end = in_words(visible[at]) ? end_of_word(visible, at) : at + 1;
    const bool goes_on = !tokens_.empty() && tokens_.back().kind == TokenKind::text &&
                         tokens_.back().begin + tokens_.back().text.size() == at;
    if (goes_on)
      tokens_.back().text = line_.substr(tokens_.back().begin, end - tokens_.back().begin);
    else
      add(TokenKind::text, at, end);
    return end;
  }

  void add(TokenKind kind, std::size_t begin, std::size_t end) {
    tokens_.push_back({kind, begin, line_.substr(begin, end - begin), {}, false});
  }

  std::string_view line_;
  std::vector<Token>& tokens_;
};

bool same_tokens(const Token& a, const Token& b, const Tolerance& tolerance) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case TokenKind::text:
      return a.text == b.text;
    case TokenKind::number:
      return (a.rank_count && b.rank_count) || same(a.number, b.number, tolerance);
    case TokenKind::blank:
    case TokenKind::masked:
      break;
  }
  return true;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view line, const Masks& masks, int ranks) {
  std::vector<Token> tokens;
  Scanner scanner(line, tokens);
  std::size_t at = 0;
  if (!masks.patterns.empty())
    for (const Part& part : masked_parts(line, masks.patterns)) {
      scanner.scan(at, part.begin);
      scanner.mask(part);
      at = part.end;
    }
  scanner.scan(at, line.size());
  if (!tokens.empty() && tokens.back().kind == TokenKind::blank) tokens.pop_back();
  if (!tokens.empty() && tokens.front().kind == TokenKind::blank) tokens.erase(tokens.begin());
  if (masks.ranks)
    for (Token& token : tokens)
      token.rank_count = token.kind == TokenKind::number && token.number.value == ranks;
  if (masks.time) mask_times(tokens);
  return tokens;
}

std::optional<LineDifference> compare_lines(std::string_view a, const std::vector<Token>& tokens_a,
                                            std::string_view b, const std::vector<Token>& tokens_b,
                                            const Tolerance& tolerance) {
  std::size_t ordinal = 0;
  for (std::size_t i = 0; i < std::max(tokens_a.size(), tokens_b.size()); ++i) {
    if (i >= tokens_a.size() || i >= tokens_b.size()) {
      const std::size_t at_a = i < tokens_a.size() ? tokens_a[i].begin : a.size();
      const std::size_t at_b = i < tokens_b.size() ? tokens_b[i].begin : b.size();
      return LineDifference{at_a + 1, at_b + 1, 0, {}, {}, {}};
    }
    const Token& left = tokens_a[i];
    const Token& right = tokens_b[i];
    const bool numbers = left.kind == TokenKind::number && right.kind == TokenKind::number;
    if (numbers) ++ordinal;
    if (same_tokens(left, right, tolerance)) continue;
    if (numbers)
      return LineDifference{
          left.begin + 1,         right.begin + 1,         ordinal,
          std::string(left.text), std::string(right.text), distance(left.number, right.number)};
    const auto [here, there] =
        std::mismatch(left.text.begin(), left.text.end(), right.text.begin(), right.text.end());
    const bool texts = left.kind == TokenKind::text && right.kind == TokenKind::text;
    const auto common = texts ? static_cast<std::size_t>(here - left.text.begin()) : 0;
    return LineDifference{left.begin + common + 1, right.begin + common + 1, 0, {}, {}, {}};
  }
  return std::nullopt;
}

}  // namespace tutti::verify

#include "tutti/verify/time_mask.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace tutti::verify {

namespace {

constexpr std::array<std::string_view, 10> symbols{"s",  "ms", "us",  "\xc2\xb5s", "\xce\xbcs",
                                                   "ns", "h",  "min", "hr",        "hrs"};
constexpr std::array<std::string_view, 10> units{"sec",  "secs",   "second",  "seconds", "msec",
                                                 "mins", "minute", "minutes", "hour",    "hours"};
constexpr std::array<std::string_view, 15> time_words{
    "time",  "times",  "timing",  "timings", "elapsed", "wall",     "walltime", "wallclock",
    "clock", "second", "seconds", "sec",     "secs",    "duration", "runtime"};

template <std::size_t count>
bool one_of(const std::array<std::string_view, count>& words, std::string_view word) {
  std::string lower(word);
  for (char& byte : lower) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return lower == "took" || std::find(words.begin(), words.end(), lower) != words.end();
}

// Symbols as they are written, since S is a siemens and H a henry or a hartree; words in any case.
bool is_unit(std::string_view word) {
  return std::find(symbols.begin(), symbols.end(), word) != symbols.end() ||
         (word != "took" && one_of(units, word));
}

// The letters at the beginning of a text.
std::string_view first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && in_words(text[end])) ++end;
  return text.substr(0, end);
}

// The unit that follows token i: its length in the token `at`; 0: none.
struct Unit {
  std::size_t at = 0;
  std::size_t length = 0;
};
Unit unit_after(const std::vector<Token>& tokens, std::size_t i) {
  std::size_t at = i + 1;
  if (at < tokens.size() && tokens[at].kind == TokenKind::blank) ++at;
  if (at >= tokens.size() || tokens[at].kind != TokenKind::text) return {};
  const std::string_view word = first_word(tokens[at].text);
  if (word.empty() || !is_unit(word)) return {};
  // "3 s = 4": a name. "max 3 min 4": another one.
  std::string_view rest = tokens[at].text.substr(word.size());
  std::size_t next = at + 1;
  if (rest.empty() && next < tokens.size() && tokens[next].kind == TokenKind::blank) ++next;
  const bool number = rest.empty() && next < tokens.size() && tokens[next].kind == TokenKind::number;
  if (rest.empty() && next < tokens.size() && tokens[next].kind == TokenKind::text) rest = tokens[next].text;
  if (rest.starts_with('=') || rest.starts_with(':') || (number && word == "min")) return {};
  return {at, word.size()};
}

std::string_view without_signs(std::string_view text) {
  constexpr std::string_view signs = "=:()[]<>,;|";
  const std::size_t begin = std::min(text.find_first_not_of(signs), text.size());
  const std::size_t end = text.find_last_not_of(signs) + 1;
  return text.substr(begin, end > begin ? end - begin : 0);
}

// Whether a word for time precedes token i, with nothing between but signs, blanks and a unit.
bool after_time_word(const std::vector<Token>& tokens, std::size_t i) {
  for (std::size_t j = i; j-- > 0;) {
    if (tokens[j].kind == TokenKind::blank) continue;
    if (tokens[j].kind != TokenKind::text) return false;
    const std::string_view words = without_signs(tokens[j].text);
    if (words.empty()) continue;
    std::size_t begin = words.size();
    while (begin > 0 && std::isalpha(static_cast<unsigned char>(words[begin - 1])) != 0) --begin;
    if (one_of(time_words, words.substr(begin))) return true;
    if (tokens[j].text.size() == words.size() || !is_unit(words)) return false;  // a unit in brackets
  }
  return false;
}

bool is_colon(const Token& token) { return token.kind == TokenKind::text && token.text == ":"; }

// 12:34:56 from token i on.
bool is_clock(const std::vector<Token>& tokens, std::size_t i) {
  if (i + 4 >= tokens.size() || !is_colon(tokens[i + 1]) || !is_colon(tokens[i + 3])) return false;
  const auto below_60 = [](const Token& token) {
    return token.kind == TokenKind::number && token.number.value >= 0 && token.number.value < 60;
  };
  return below_60(tokens[i + 2]) && below_60(tokens[i + 4]);
}

// One masked token instead of [begin, end], of which the last may keep a rest.
void cover(std::vector<Token>& tokens, std::size_t begin, std::size_t last, std::size_t length_of_last) {
  Token& end = tokens[last];
  const std::string_view rest = end.text.substr(length_of_last);
  const std::size_t size = end.begin + length_of_last - tokens[begin].begin;
  Token masked{TokenKind::masked, tokens[begin].begin, {tokens[begin].text.data(), size}, {}, false};
  auto first = tokens.begin() + static_cast<std::ptrdiff_t>(begin);
  auto behind = tokens.begin() + static_cast<std::ptrdiff_t>(last) + 1;
  if (!rest.empty()) {
    end.begin += length_of_last;
    end.text = rest;
    --behind;
  }
  *first = masked;
  tokens.erase(first + 1, behind);
}

}  // namespace

void mask_times(std::vector<Token>& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::number) continue;
    const bool named = after_time_word(tokens, i);
    const bool clock = is_clock(tokens, i);
    const std::size_t last = clock ? i + 4 : i;
    const Unit unit = unit_after(tokens, last);
    if (unit.length > 0)
      cover(tokens, i, unit.at, unit.length);
    else if (named || clock)
      cover(tokens, i, last, tokens[last].text.size());
  }
}

}  // namespace tutti::verify

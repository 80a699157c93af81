#include "tutti/verify/number.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "tutti/core/text.hpp"

namespace tutti::verify {

namespace {

constexpr int digits_of_double = 17;
constexpr double exact_integers = 9007199254740992;  // 2^53

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
bool is_hex_digit(char byte) { return std::isxdigit(static_cast<unsigned char>(byte)) != 0; }
char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }

template <class Condition>
std::size_t skip(std::string_view line, std::size_t at, Condition condition) {
  while (at < line.size() && condition(line[at])) ++at;
  return at;
}

// The end of an exponent ("e-05") at `at`, or `at` if there is none.
std::size_t end_of_exponent(std::string_view line, std::size_t at) {
  const std::size_t sign = at + 1;
  const std::size_t digits = sign < line.size() && (line[sign] == '+' || line[sign] == '-') ? sign + 1 : sign;
  const std::size_t end = skip(line, digits, is_digit);
  return end > digits ? end : at;
}

// A run of digits with at most one point among them; a point at the end ends a sentence.
struct Mantissa {
  std::size_t end = 0;
  bool point = false;
  bool digits = false;
};
template <class Digit>
Mantissa mantissa(std::string_view line, std::size_t begin, Digit digit) {
  Mantissa result{skip(line, begin, digit), false, false};
  result.digits = result.end > begin;
  const bool more = result.end + 1 < line.size() && line[result.end] == '.' && digit(line[result.end + 1]);
  if (!more) return result;
  return {skip(line, result.end + 1, digit), true, true};
}

struct Extent {
  std::size_t end = 0;
  Spelling spelling = Spelling::integer;
};

std::optional<Extent> hexadecimal(std::string_view line, std::size_t begin) {
  const bool prefix = begin + 2 < line.size() && line[begin] == '0' && lower(line[begin + 1]) == 'x';
  if (!prefix) return std::nullopt;
  const Mantissa found = mantissa(line, begin + 2, is_hex_digit);
  if (!found.digits) return std::nullopt;
  const bool power = found.end < line.size() && lower(line[found.end]) == 'p';
  const std::size_t end = power ? end_of_exponent(line, found.end) : found.end;
  return Extent{end, found.point || end != found.end ? Spelling::hexfloat : Spelling::integer};
}

std::optional<Extent> decimal(std::string_view line, std::size_t begin) {
  const Mantissa found = mantissa(line, begin, is_digit);
  if (!found.digits) return std::nullopt;
  const char letter = found.end < line.size() ? lower(line[found.end]) : ' ';
  const bool exponent = letter == 'e' || (letter == 'd' && found.point);
  const std::size_t end = exponent ? end_of_exponent(line, found.end) : found.end;
  return Extent{end, found.point || end != found.end ? Spelling::decimal : Spelling::integer};
}

std::optional<Extent> special(std::string_view line, std::size_t begin) {
  const std::size_t end = skip(line, begin, in_words);
  std::string word(line.substr(begin, end - begin));
  std::transform(word.begin(), word.end(), word.begin(), lower);
  if (word != "nan" && word != "inf" && word != "infinity") return std::nullopt;
  return Extent{end, Spelling::special};
}

// Whether a number may end there: at the end of its word, or before a unit of letters alone.
bool may_end(std::string_view line, std::size_t end) {
  const std::size_t rest = end_of_word(line, end);
  for (std::size_t i = end; i < rest; ++i) {
    if (is_digit(line[i]) || line[i] == '_') return false;
    if (line[i] == '.' && i + 1 < rest) return false;
  }
  return true;
}

void evaluate(Number& number) {
  std::string_view digits = number.text;
  const bool negative = digits.front() == '-';
  if (negative || digits.front() == '+') digits.remove_prefix(1);
  const bool hexadecimal = digits.size() > 1 && lower(digits[1]) == 'x';
  if (hexadecimal) digits.remove_prefix(2);
  std::string copy(digits);
  if (number.spelling == Spelling::decimal)
    for (char& byte : copy)
      if (lower(byte) == 'd') byte = 'e';
  const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const auto end = std::from_chars(copy.data(), copy.data() + copy.size(), number.value, format);
  number.in_range = end.ec == std::errc{};
  if (negative) number.value = -number.value;
}

// A number by its digits, however many: sign * 0.DIGITS * 10^exponent, without zeros at either end.
struct Digits {
  bool negative = false;
  std::string digits;  // empty: zero
  std::int64_t exponent = 0;

  bool operator==(const Digits&) const = default;
};

constexpr std::int64_t endless = std::int64_t{1} << 60U;  // beyond any length of a line

std::int64_t parse_exponent(std::string_view words) {
  const bool negative = words.front() == '-';
  if (negative || words.front() == '+') words.remove_prefix(1);
  std::int64_t value = 0;
  const auto end = std::from_chars(words.data(), words.data() + words.size(), value);
  if (end.ec != std::errc{} || value > endless) value = endless;
  return negative ? -value : value;
}

std::optional<Digits> digits_of(const Number& number) {
  if (number.spelling == Spelling::special || number.spelling == Spelling::hexfloat) return std::nullopt;
  std::string_view rest = number.text;
  Digits result;
  result.negative = rest.front() == '-';
  if (result.negative || rest.front() == '+') rest.remove_prefix(1);
  std::string whole;
  if (rest.size() > 2 && lower(rest[1]) == 'x') {
    std::uint64_t value = 0;
    const auto end = std::from_chars(rest.data() + 2, rest.data() + rest.size(), value, 16);
    if (end.ec != std::errc{}) return std::nullopt;
    rest = whole = text(value);
  }
  const std::size_t exponent = rest.find_first_of("eEdD");
  if (exponent != std::string_view::npos) result.exponent = parse_exponent(rest.substr(exponent + 1));
  const std::string_view mantissa = rest.substr(0, exponent);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  result.exponent += static_cast<std::int64_t>(point);
  for (const char byte : mantissa)
    if (byte != '.') result.digits += byte;
  const std::size_t zeros = std::min(result.digits.find_first_not_of('0'), result.digits.size());
  result.digits.erase(0, zeros);
  result.exponent -= static_cast<std::int64_t>(zeros);
  result.digits.erase(result.digits.find_last_not_of('0') + 1);
  if (!result.digits.empty()) return result;
  // A zero has no exponent, and as an integer no sign.
  return Digits{number.spelling != Spelling::integer && result.negative, "", 0};
}

// As written: what no double tells apart. Hexadecimal integers beyond 64 bits by their text.
bool same_digits(const Number& a, const Number& b) {
  const auto left = digits_of(a);
  const auto right = digits_of(b);
  if (left && right) return *left == *right;
  return !left && !right &&
         std::equal(a.text.begin(), a.text.end(), b.text.begin(), b.text.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Whether the text says more than its double holds.
bool beyond_double(const Number& number) {
  if (number.spelling == Spelling::special || number.spelling == Spelling::hexfloat) return false;
  if (number.spelling == Spelling::integer && std::abs(number.value) >= exact_integers) return true;
  const auto digits = digits_of(number);
  return digits && digits->digits.size() > digits_of_double;
}

// Doubles in their order as integers, -0 and 0 both at 0.
std::int64_t place(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value);
  return bits >= 0 ? bits : INT64_MIN - bits;
}

}  // namespace

bool in_words(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80 || std::isalnum(value) != 0 || byte == '_';
}

std::size_t end_of_word(std::string_view line, std::size_t begin) {
  return skip(line, begin, [](char byte) { return in_words(byte) || byte == '.'; });
}

std::optional<Number> number_at(std::string_view line, std::size_t begin) {
  const char before = begin > 0 ? line[begin - 1] : ' ';
  const bool sign = begin < line.size() && (line[begin] == '+' || line[begin] == '-');
  // In H-1 the sign is a hyphen; in 2-1 it may be a minus.
  if (in_words(before) && !(sign && is_digit(before))) return std::nullopt;
  const std::size_t first = begin + (sign ? 1 : 0);
  if (first >= line.size()) return std::nullopt;
  auto extent = hexadecimal(line, first);
  if (!extent) extent = decimal(line, first);
  if (!extent) extent = special(line, first);
  if (!extent || !may_end(line, extent->end)) return std::nullopt;
  Number number{line.substr(begin, extent->end - begin), extent->spelling, 0, true};
  evaluate(number);
  return number;
}

bool same(double a, double b, const Tolerance& tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b)) return true;
  const Distance apart = distance(a, b);
  return (tolerance.ulp && apart.ulp && *apart.ulp <= *tolerance.ulp) ||
         (tolerance.relative && apart.relative && *apart.relative <= *tolerance.relative);
}

bool same(const Number& a, const Number& b, const Tolerance& tolerance) {
  if (a.text == b.text) return true;
  const bool integers = a.spelling == Spelling::integer && b.spelling == Spelling::integer;
  if (integers || !a.in_range || !b.in_range) return same_digits(a, b);
  if (!same(a.value, b.value, tolerance)) return false;
  if (tolerance.any() || std::isnan(a.value)) return true;
  if (!beyond_double(a) && !beyond_double(b)) return true;
  const bool comparable = a.spelling != Spelling::hexfloat && b.spelling != Spelling::hexfloat;
  return !comparable || same_digits(a, b);
}

Distance distance(double a, double b) {
  Distance result;
  if (!std::isfinite(a) || !std::isfinite(b)) return result;
  const std::int64_t left = place(a);
  const std::int64_t right = place(b);
  const auto high = static_cast<std::uint64_t>(std::max(left, right));
  result.ulp = high - static_cast<std::uint64_t>(std::min(left, right));
  const double larger = std::max(std::abs(a), std::abs(b));
  const double apart = std::abs(a - b);
  // Large numbers of both signs: their difference overflows.
  if (std::isinf(apart))
    result.relative = std::abs(a / larger - b / larger);
  else
    result.relative = larger == 0 ? 0 : apart / larger;
  return result;
}

Distance distance(const Number& a, const Number& b) {
  const bool integers = a.spelling == Spelling::integer && b.spelling == Spelling::integer;
  return a.in_range && b.in_range && !integers ? distance(a.value, b.value) : Distance{};
}

}  // namespace tutti::verify

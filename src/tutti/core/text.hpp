// Text of numbers: what is printed reads back as the same number, in every locale.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tutti {

__extension__ typedef __int128 Int128;            ///< result of exact integer sums; text() prints it
__extension__ typedef unsigned __int128 Uint128;  ///< its unsigned twin

/// `value` as C's %a writes it: 1.5 -> "0x1.8p+0". NaN and infinities: "nan", "inf", "-inf".
std::string hexfloat(double value);

/// `value` with a binary unit, two decimals: 1536 -> "1.50 KiB". For people, not for programs.
std::string bytes_text(std::uint64_t value);

/// `value` with so many digits after its point, rounded: fixed_text(2.0 / 3, 2) is "0.67".
std::string fixed_text(double value, int digits);

/// A part of a whole, 0 to 1, with one decimal: 0.0089 -> "0.9 %".
std::string percent_text(double part);

/// `value` with control characters, quotes' escapes and invalid UTF-8 made visible (\n, \x1b): safe to print.
std::string printable(std::string_view value);

/// printable(value) as a JSON string, with its quotes.
std::string json_string(std::string_view value);

namespace core {

inline void append(std::string& out, std::string_view value) { out += value; }
inline void append(std::string& out, const std::string& value) { out += value; }
inline void append(std::string& out, const char* value) { out += value; }
inline void append(std::string& out, char value) { out += value; }
inline void append(std::string& out, bool value) { out += value ? "true" : "false"; }
void append(std::string& out, Int128 value);
void append(std::string& out, Uint128 value);

template <class Number>
requires std::integral<Number> || std::floating_point<Number>
void append(std::string& out, Number value) {
  char digits[64];  // the longest long double needs 45
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}

}  // namespace core

/// The arguments one after another. Floating-point numbers as the shortest text that reads back as the same
/// bits.
/// @example text("n = ", 3, ", x = ", 0.1) is "n = 3, x = 0.1"
template <class... Parts>
std::string text(const Parts&... parts) {
  std::string out;
  (core::append(out, parts), ...);
  return out;
}

/// Python's notation of a shape: "(2, 3)", "(5,)".
std::string shape_text(const std::vector<std::int64_t>& shape);

/// "1 rank", "3 ranks".
template <std::integral Count>
std::string counted(Count count, std::string_view thing) {
  return text(count, ' ', thing, count == 1 ? "" : "s");
}

}  // namespace tutti

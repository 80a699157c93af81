#include "tutti/memory/byte_size.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace tutti::memory {

namespace {

// The factor of "GiB", "G" (both binary) or "GB" (decimal); 0 for anything else.
double factor_of(std::string unit) {
  for (char& letter : unit) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  if (unit.empty() || unit == "b") return 1;
  constexpr std::string_view letters = "kmgtp";
  const std::size_t power = letters.find(unit.front());
  if (power == std::string_view::npos) return 0;
  const std::string_view rest = std::string_view(unit).substr(1);
  if (rest == "b") return std::pow(1000.0, static_cast<double>(power + 1));
  if (rest.empty() || rest == "ib") return std::ldexp(1.0, 10 * static_cast<int>(power + 1));
  return 0;
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  const char* const end = text.data() + text.size();
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;  // "inf", "-1", ".5"
  // Whole numbers beyond 2^53 must not go through a double.
  std::uint64_t whole = 0;
  auto number_end = std::from_chars(text.data(), end, whole);
  double number = 0;
  const bool is_whole = number_end.ec == std::errc() && (number_end.ptr == end || *number_end.ptr != '.');
  if (!is_whole) number_end = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (number_end.ec != std::errc()) return std::nullopt;
  std::string_view unit(number_end.ptr, static_cast<std::size_t>(end - number_end.ptr));
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  const double factor = factor_of(std::string(unit));
  if (factor == 0) return std::nullopt;
  if (is_whole && factor == 1) return whole < std::uint64_t{1} << 63U ? std::optional(whole) : std::nullopt;
  const double bytes = std::floor((is_whole ? static_cast<double>(whole) : number) * factor);
  if (!(bytes < 0x1p63)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace tutti::memory

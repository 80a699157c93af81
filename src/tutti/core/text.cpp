#include "tutti/core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tutti {

namespace core {

void append(std::string& out, Uint128 value) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  out.append(digits.rbegin(), digits.rend());
}

void append(std::string& out, Int128 value) {
  if (value < 0) out += '-';
  const auto magnitude = static_cast<Uint128>(value);
  append(out, value < 0 ? Uint128{0} - magnitude : magnitude);
}

namespace {

// Length of the valid UTF-8 sequence at the start of `rest`, 0 if there is none (RFC 3629, section 4).
std::size_t utf8_length(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || length > rest.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  if (length > 2) {  // overlong forms, surrogates, beyond U+10FFFF
    const unsigned second = byte(1);
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
      return 0;
  }
  return length;
}

}  // namespace
}  // namespace core

std::string hexfloat(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 40> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), std::abs(value), std::chars_format::hex);
  return std::string(std::signbit(value) ? "-0x" : "0x") + std::string(digits.data(), end.ptr);
}

std::string bytes_text(std::uint64_t value) {
  static constexpr std::array<const char*, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (value < 1024) return text(value, " B");
  std::size_t unit = 0;
  auto scaled = static_cast<double>(value);
  while (scaled >= 1024 && unit + 1 < units.size()) {
    scaled /= 1024;
    ++unit;
  }
  return fixed_text(scaled, 2) + " " + units[unit];
}

std::string fixed_text(double value, int digits) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before its point
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
  return {buffer.data(), end.ptr};
}

std::string percent_text(double part) { return fixed_text(100 * part, 1) + " %"; }

std::string printable(std::string_view value) {
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  while (!value.empty()) {
    const auto first = static_cast<unsigned char>(value.front());
    std::size_t length = core::utf8_length(value);
    const bool control = first < 0x20 || first == 0x7f ||
                         (length == 2 && first == 0xc2 && static_cast<unsigned char>(value[1]) < 0xa0);
    if (first == '\n') {
      out += "\\n";
    } else if (first == '\t') {
      out += "\\t";
    } else if (length == 0 || control) {
      length = std::max<std::size_t>(length, 1);
      for (std::size_t i = 0; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(value[i]);
        (out += "\\x") += hex[byte >> 4U];
        out += hex[byte & 15U];
      }
    } else {
      out += value.substr(0, length);
    }
    value.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string json_string(std::string_view value) {
  std::string out = "\"";
  for (const char c : printable(value)) {  // which leaves no control characters
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string out = "(";
  for (std::size_t d = 0; d < shape.size(); ++d) out += text(d > 0 ? ", " : "", shape[d]);
  return out + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace tutti

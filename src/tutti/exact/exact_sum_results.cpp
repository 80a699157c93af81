// What leaves an ExactSum: a float64, an integer, bytes.
#include <algorithm>
#include <string_view>

#include "tutti/core/error.hpp"
#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/rounding.hpp"

namespace tutti {

namespace {

// Header of the bytes.
constexpr std::array<std::uint8_t, 4> magic{'E', 'X', 'S', 1};  // the last one is the version
constexpr std::size_t header_bytes = 8;
// Kinds: what is not finite stands as its bit (exact::Special), a sum below zero as the next free one.
constexpr std::uint32_t negative_kind = 8;

std::uint32_t kind_of(const ExactSum& sum) {
  return !sum.has_special() && sum.is_negative() ? negative_kind : std::uint32_t{sum.special()};
}

void append(std::vector<std::byte>& bytes, std::uint32_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) bytes.push_back(static_cast<std::byte>((value >> (8 * i)) & 0xffU));
}

std::uint32_t read(std::span<const std::byte> bytes, unsigned count) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < count; ++i) value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
  return value;
}

[[noreturn]] void refuse(std::string_view why) {
  throw FormatError(text("exact sum: ", why, "; give the bytes that ExactSum::to_bytes() wrote"));
}

void read_digits(std::span<const std::byte> bytes, std::size_t first, std::span<std::int64_t> words) {
  const std::size_t count = bytes.size() / 4;
  constexpr std::size_t largest = ExactSum::digits - 2;  // 2^63 products of any doubles stay below
  if (first + count > largest) refuse(text("digit ", first + count - 1, " is out of range"));
  if (count > 0 && (read(bytes, 4) == 0 || read(bytes.last(4), 4) == 0))
    refuse("a zero digit at an end is not canonical");
  for (std::size_t i = 0; i < count; ++i) words[first + i] = read(bytes.subspan(4 * i), 4);
}

}  // namespace

double ExactSum::round() const {
  if (has_special()) return exact::special_value(special());
  return end_ == 0 ? 0.0 : exact::round(exact::leading(*this));
}

float ExactSum::round_to_float() const {
  if (has_special()) return static_cast<float>(round());  // exact for NaN and infinities
  return end_ == 0 ? 0.0F : exact::round<float>(exact::leading(*this));
}

Int128 ExactSum::to_integer() const {
  constexpr int unit = -lowest_bit / digit_bits;  // the digit whose bit 0 weighs 1
  if (has_special())
    throw RangeError(
        text("exact sum: ", round(), " is not an integer; look for it in the terms, or use round()"));
  if (first_ < unit && end_ > 0)
    throw RangeError(text("exact sum: about ", round(), " is not an integer; use round()"));
  Uint128 value = 0;
  for (int i = std::min(end_, unit + 4) - 1; i >= unit; --i)
    value = (value << digit_bits) + static_cast<Uint128>(words_[static_cast<std::size_t>(i)]);
  // Four digits hold the value modulo 2^128: it is the value if nothing lies above and the sign is right.
  if (end_ > unit + 4 || (static_cast<Int128>(value) < 0) != is_negative())
    throw RangeError(text("exact sum: about ", round(), " is beyond 128-bit integers; use round()"));
  return static_cast<Int128>(value);
}

std::vector<std::byte> ExactSum::to_bytes() const {
  const exact::Magnitude magnitude = exact::magnitude(*this);
  std::vector<std::byte> bytes;
  bytes.reserve(header_bytes + 4 * static_cast<std::size_t>(magnitude.end - magnitude.first));
  for (const std::uint8_t byte : magic) bytes.push_back(std::byte{byte});
  append(bytes, kind_of(*this), 2);
  append(bytes, static_cast<std::uint32_t>(magnitude.first), 2);
  for (int i = magnitude.first; i < magnitude.end; ++i)
    append(bytes, magnitude.digit[static_cast<std::size_t>(i)], 4);
  return bytes;
}

ExactSum ExactSum::from_bytes(std::span<const std::byte> bytes) {
  if (bytes.size() < header_bytes || bytes.size() % 4 != 0)
    refuse(text(bytes.size(), " bytes, which is not 8 + 4 for each digit"));
  for (std::size_t i = 0; i < 3; ++i)
    if (bytes[i] != std::byte{magic[i]}) refuse("it does not begin with EXS");
  if (bytes[3] != std::byte{magic[3]})
    refuse(text("version ", std::to_integer<int>(bytes[3]), ", only ", int{magic[3]}, " is known"));
  const std::uint32_t kind = read(bytes.subspan(4), 2);
  const std::size_t first = read(bytes.subspan(6), 2);
  const std::span<const std::byte> magnitude = bytes.subspan(header_bytes);
  const bool special =
      kind == exact::canonical(static_cast<std::uint8_t>(kind & 7U)) && kind != exact::finite;
  if (!special && kind != exact::finite && kind != negative_kind) refuse(text("kind ", kind, " is unknown"));
  if (magnitude.empty() ? first != 0 || kind == negative_kind : special)
    refuse("its header and its digits do not agree");

  std::array<std::int64_t, word_count> words{};
  read_digits(magnitude, first, words);
  ExactSum sum = from_words(words);
  if (kind == negative_kind) sum.negate();
  if (special) sum.mark(static_cast<std::uint8_t>(kind));
  return sum;
}

}  // namespace tutti

// Numbers as programs print them, and whether two of them are the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tutti::verify {

/// How a number is written, which decides how it is compared.
enum class Spelling : unsigned char {
  integer,   ///< digits alone, decimal or after 0x
  decimal,   ///< with a point or an exponent (E, or Fortran's D)
  hexfloat,  ///< C's %a
  special,   ///< nan, inf, infinity, in any case
};

/// A number in a line.
struct Number {
  std::string_view text;  ///< as it stands there, with its sign
  Spelling spelling = Spelling::integer;
  double value = 0;      ///< the nearest double; not meaningful if !in_range
  bool in_range = true;  ///< false where that would be infinite, or 0 for a number that is not
};

/// The number that begins at `begin` of the line; nothing if none does. A number ends where its word ends, or
/// before letters that end it (a unit: 3s, 1.5GiB): 1.2.3, 3D7A and x1 hold no numbers.
std::optional<Number> number_at(std::string_view line, std::size_t begin);

/// The end of the word at `begin`: letters, digits, '_', '.' and bytes beyond ASCII.
std::size_t end_of_word(std::string_view line, std::size_t begin);
/// Whether a byte belongs to words: as above, without '.'.
bool in_words(char byte);

/// How far apart floating-point numbers may be; within one of the limits is enough. Neither: bit by bit.
struct Tolerance {
  std::optional<std::uint64_t> ulp;  ///< doubles between them, plus 1
  std::optional<double> relative;    ///< |a - b| <= relative * max(|a|, |b|)

  bool any() const { return ulp || relative; }
};

/// Whether two numbers are the same.
///
/// Integers: the same integer, however long. Otherwise the same double, however it is spelled (1, 1.0, 1e0
/// and 0x1p+0 are one; 0 and -0 are two), and every digit the same where there are more than a double can
/// hold (17, or an integer from 2^53 on) or its range is left (1e400). Every NaN is every other NaN. A
/// tolerance counts for finite numbers of which one at least is no integer.
bool same(const Number& a, const Number& b, const Tolerance& tolerance);
/// The same for doubles that were never text.
bool same(double a, double b, const Tolerance& tolerance);

/// How far apart two numbers are; each is missing where it has no meaning (NaN, infinities, out of range, two
/// integers).
struct Distance {
  std::optional<std::uint64_t> ulp;
  std::optional<double> relative;
};
Distance distance(double a, double b);
Distance distance(const Number& a, const Number& b);

}  // namespace tutti::verify

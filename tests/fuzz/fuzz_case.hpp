// A case for the fuzzer of the kernels: a few bytes that stand for arrays of up to thousands of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fuzz {

enum class Operation : std::uint8_t { sum, dot, squares, magnitudes };

/// What numbers of a segment are like. `raw` ones are in the bytes themselves, up to four, over and over;
/// `opposite` ones cancel those before them.
enum class Kind : std::uint8_t {
  full,      ///< all significant bits, both signs, exponents spread over some binades
  positive,  ///< the same without signs
  power,     ///< powers of two
  integer,   ///< of a few bits, times a power of two
  zero,      ///< of both signs
  one,
  subnormal,
  special,  ///< zeros, and somewhere an infinity or a NaN
  opposite,
  raw,
  count
};

/// A stretch of both arrays. As bytes: 13, little-endian, and 16 for each raw number of x and of y.
struct Segment {
  std::uint8_t x_kind = 0;
  std::uint8_t y_kind = 0;
  std::uint16_t x_exponent = 0;  ///< of the lowest binade, above that of the smallest number
  std::uint16_t y_exponent = 0;
  std::uint8_t x_binades = 0;
  std::uint8_t y_binades = 0;
  std::uint16_t length = 0;
  std::uint8_t seed = 0;
  std::uint16_t raw = 0;  ///< how many, less 1, modulo 4
};

template <class Real>
struct Arrays {
  std::vector<Real> x, y;
};

struct Header {
  Operation operation = Operation::sum;
  bool narrow = false;     ///< float32
  std::uint8_t shift = 0;  ///< elements by which the arrays miss an alignment
};

/// Any bytes are a case.
Header header_of(std::span<const std::uint8_t> bytes);
template <class Real>
Arrays<Real> arrays_of(std::span<const std::uint8_t> bytes);

/// Cases to begin with: each kind alone and before each other, for each operation and type.
std::vector<std::string> seeds();

}  // namespace fuzz

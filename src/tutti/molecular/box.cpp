#include "tutti/molecular/box.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::molecular {

namespace {

// A finite number >= 0 as mantissa * 2^exponent, the mantissa below 2^53.
struct Parts {
  std::uint64_t mantissa;
  int exponent;
};

Parts parts(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);  // [0.5, 1), exact
  return {static_cast<std::uint64_t>(std::ldexp(fraction, 53)), exponent - 53};
}

// numerator / denominator * 2^shift, rounded to nearest even, modulo 2^64. The quotient is below 2^65.
std::uint64_t rounded_quotient(std::uint64_t numerator, std::uint64_t denominator, int shift) {
  Uint128 n = numerator;
  Uint128 d = denominator;
  if (shift >= 0)
    n <<= static_cast<unsigned>(shift);  // 53 + 64 bits at most, as numerator < denominator * 2^(64 - shift)
  else if (shift > -74)
    d <<= static_cast<unsigned>(-shift);
  else
    return 0;
  const Uint128 quotient = n / d;
  const Uint128 twice = 2 * (n % d);
  const bool up = twice > d || (twice == d && (quotient & 1) != 0);
  return static_cast<std::uint64_t>(quotient + (up ? 1 : 0));
}

// magnitude * mantissa * 2^exponent, rounded once. magnitude has up to 97 bits.
double rounded_product(Uint128 magnitude, std::uint64_t mantissa, int exponent) {
  const Uint128 low = Uint128{static_cast<std::uint64_t>(magnitude)} * mantissa;
  const Uint128 high = (magnitude >> 64U) * mantissa + (low >> 64U);
  // The compiler's conversion of 128-bit integers rounds to nearest even.
  if (high == 0) return std::ldexp(static_cast<double>(low), exponent);
  const auto rest = static_cast<std::uint64_t>(low);
  // Joined so that at least 64 bits stay above the sticky one; high has up to 87 bits, so that there is room.
  const auto upper = static_cast<std::uint64_t>(high >> 64U);
  const auto shift = static_cast<unsigned>(upper != 0 ? std::countl_zero(upper) : 63);
  Uint128 joined = high << shift | rest >> (64U - shift);
  if (rest << shift != 0) joined |= 1U;
  return std::ldexp(static_cast<double>(joined), exponent + 64 - static_cast<int>(shift));
}

}  // namespace

Box::Box(const std::array<double, axes>& edges) : edges_(edges) {
  for (int axis = 0; axis < axes; ++axis)
    if (!std::isfinite(edge(axis)) || !(edge(axis) > 0) || edge(axis) > 1e100 || edge(axis) < 1e-100)
      throw UsageError(text("box: edge ",
                            axis == 0   ? "x"
                            : axis == 1 ? "y"
                                        : "z",
                            " is ", edge(axis), "; give a length above 0"),
                       {"box", {}});
}

double Box::shortest_edge() const { return *std::min_element(edges_.begin(), edges_.end()); }
double Box::longest_edge() const { return *std::max_element(edges_.begin(), edges_.end()); }

Box::Place Box::place(double coordinate, int axis) const {
  const double length = edge(axis);
  if (!std::isfinite(coordinate))
    throw UsageError(text("a coordinate is ", coordinate, "; give finite numbers"), {"coordinate", {}});
  const double rest = std::fmod(std::fabs(coordinate), length);  // exact, in every C library (IEEE 754)
  const double turns = std::nearbyint((std::fabs(coordinate) - rest) / length);
  if (!(turns < largest_image))
    throw UsageError(text("a coordinate is ", coordinate, ", which is ", turns, " box edges of ", length,
                          " away; give coordinates nearer to the box"),
                     {"coordinate", {}});
  const Parts r = parts(rest);
  const Parts l = parts(length);
  std::uint64_t fraction =
      rest == 0 ? 0 : rounded_quotient(r.mantissa, l.mantissa, 64 + r.exponent - l.exponent);
  auto image = static_cast<std::int32_t>(turns);
  if (fraction == 0 && rest > length / 2) ++image;  // rounded up to the next image
  if (std::signbit(coordinate)) {
    image = -image;
    if (fraction != 0) --image;
    fraction = -fraction;
  }
  return {fraction, image};
}

double Box::coordinate(std::uint64_t fraction, int axis) const { return unwrapped(fraction, 0, axis); }

double Box::unwrapped(std::uint64_t fraction, std::int32_t image, int axis) const {
  const Int128 place = (Int128{image} << 64U) + fraction;
  const Parts l = parts(edge(axis));
  const double size =
      rounded_product(static_cast<Uint128>(place < 0 ? -place : place), l.mantissa, l.exponent - 64);
  return place < 0 ? -size : size;
}

double Box::length(std::int64_t displacement, int axis) const {
  return unwrapped(static_cast<std::uint64_t>(displacement), displacement < 0 ? -1 : 0, axis);
}

}  // namespace tutti::molecular

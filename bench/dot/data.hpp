// What is summed: how far apart the exponents of the terms are decides which way of summing is exact.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <string>

#include <tutti/tutti.hpp>

namespace bench {

enum class Data {
  normal,  ///< normally distributed
  spread,  ///< terms over 86 binades: exponents uniform, 43 for each factor of a product
  whole,   ///< exponents uniform over all there are
};

inline Data data_named(const std::string& name) {
  if (name == "normal") return Data::normal;
  if (name == "spread") return Data::spread;
  if (name == "whole") return Data::whole;
  throw tutti::UsageError(tutti::text("no data is called ", name, "; choose normal, spread or whole"));
}

/// Element i, with all bits of its significand in use.
/// @param binades  between the largest and the smallest exponent, for Data::spread
template <class Real>
Real element(Data data, int binades, const tutti::Random& random, std::int64_t i) {
  if (data == Data::normal) {  // Box, Muller, doi:10.1214/aoms/1177706645
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform(i)));
    return static_cast<Real>(radius * std::cos(2 * std::numbers::pi * random.uniform(i, 1)));
  }
  using Limits = std::numeric_limits<Real>;
  const int lowest = data == Data::spread ? -binades / 2 : Limits::min_exponent - 1;
  const int count = data == Data::spread ? binades : Limits::max_exponent - Limits::min_exponent;
  const auto significand = static_cast<Real>(1 + random.uniform(i));
  const auto exponent = lowest + static_cast<int>(random.uniform(i, 1) * count);
  const Real value = std::ldexp(significand, exponent);
  return random.bits(i, 2) % 2 == 0 ? value : -value;
}

/// Fills x, from a pattern of 2^20 elements: far more than a block of any kernel, and quickly made.
template <class Real>
void fill(Real* x, std::size_t n, Data data, int binades, const tutti::Random& random) {
  constexpr std::size_t pattern = std::size_t{1} << 20U;
  for (std::size_t i = 0; i < n; ++i)
    x[i] = i < pattern ? element<Real>(data, binades, random, static_cast<std::int64_t>(i)) : x[i - pattern];
}

}  // namespace bench

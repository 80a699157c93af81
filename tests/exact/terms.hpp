// Terms for the tests of this room: keyed random numbers, the same in every run.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/core/random.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti::exact {

/// How nasty terms are.
enum class Family { normal, narrow, wide, any_finite, subnormal, cancelling, sparse, one_binade };
inline constexpr Family families[] = {Family::normal,     Family::narrow,    Family::wide,
                                      Family::any_finite, Family::subnormal, Family::cancelling,
                                      Family::sparse,     Family::one_binade};

inline double term(Family family, const Random& random, Index i) {
  const std::uint64_t bits = random.bits(i);
  const auto with_field = [&](std::uint64_t lowest, std::uint64_t highest) {
    const std::uint64_t field = lowest + random.bits(i, 1) % (highest - lowest + 1);
    return std::bit_cast<double>((bits & ~(0x7ffULL << 52U)) | field << 52U);
  };
  switch (family) {
    case Family::normal:
      return random.uniform(i) + random.uniform(i, 1) - random.uniform(i, 2) - random.uniform(i, 3);
    case Family::narrow:
      return with_field(1003, 1043);
    case Family::wide:
      return with_field(903, 1143);
    case Family::any_finite:
      return with_field(0, 2046);
    case Family::subnormal:
      return with_field(0, 2);
    case Family::cancelling:
      return i % 2 == 0 ? with_field(900, 1100) : -term(family, random, i - 1);
    case Family::sparse:
      return bits % 8 == 0 ? with_field(1000, 1050) : (bits % 8 < 4 ? 0.0 : -0.0);
    case Family::one_binade:
      break;
  }
  return 1 + random.uniform(i);
}

inline std::vector<double> terms(Family family, std::size_t n, std::uint64_t seed = 1) {
  const Random random(seed, static_cast<std::uint64_t>(family));
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = term(family, random, static_cast<Index>(i));
  return values;
}

/// The sum, one term after another.
inline ExactSum plain_sum(const std::vector<double>& values) {
  ExactSum sum;
  for (const double value : values) sum.add(value);
  return sum;
}

}  // namespace tutti::exact

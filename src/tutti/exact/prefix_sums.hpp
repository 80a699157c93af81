// Running sums, each rounded from the exact value.
#pragma once

#include <cstdint>
#include <span>

#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti::exact {

enum class Scan : std::uint8_t {
  exclusive,  ///< the sum of what stands before the element
  inclusive,  ///< and of the element, too
};

/// prefixes[i] becomes the correctly rounded value of `before` and x[0] + ... + x[i - 1], inclusive + x[i].
/// Both may be the same memory. NaN, infinities and zero as in ExactSum::round(). About 10 ns an element.
/// @param before  a sum of numbers, without products: no bit below 2^-1074
template <class Real>
void prefix_sums(const ExactSum& before, std::span<const Real> x, std::span<double> prefixes, Scan scan);

extern template void prefix_sums<double>(const ExactSum&, std::span<const double>, std::span<double>, Scan);
extern template void prefix_sums<float>(const ExactSum&, std::span<const float>, std::span<double>, Scan);

}  // namespace tutti::exact

// The ordinary loops, in ordinary floating point: what `rounded` asks for, and what exactness is compared
// with.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace tutti::array {

// Each adds to `sum` term by term, so that a loop cut into pieces is the same loop.

template <class T, class U>
void plain_dot(double& sum, std::span<const T> a, std::span<const U> b) {
  double total = sum;
  for (std::size_t i = 0; i < a.size(); ++i) total += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  sum = total;
}

template <class T>
void plain_sum(double& sum, std::span<const T> x) {
  double total = sum;
  for (const T value : x) total += static_cast<double>(value);
  sum = total;
}

template <class T>
void plain_asum(double& sum, std::span<const T> x) {
  double total = sum;
  for (const T value : x) total += std::abs(static_cast<double>(value));
  sum = total;
}

}  // namespace tutti::array

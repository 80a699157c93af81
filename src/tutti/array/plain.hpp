// The ordinary loops, in ordinary floating point: what `rounded` asks for, and what exactness is compared
// with.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace tutti::array {

template <class T, class U>
double plain_dot(std::span<const T> a, std::span<const U> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

template <class T>
double plain_sum(std::span<const T> x) {
  double sum = 0;
  for (const T value : x) sum += static_cast<double>(value);
  return sum;
}

template <class T>
double plain_asum(std::span<const T> x) {
  double sum = 0;
  for (const T value : x) sum += std::abs(static_cast<double>(value));
  return sum;
}

}  // namespace tutti::array

// The loops of plain.hpp for registers of so many bytes, in GCC's vector extensions. Included by one file for
// each instruction set. All is in an unnamed namespace, and no header's inline function is used: of two equal
// functions the linker keeps one, and AVX-512's must not be kept for all.
#pragma once

#include "plain.hpp"

namespace plain {
namespace {

template <class Real, int Bytes>
struct Vector;
template <int Bytes>
struct Vector<double, Bytes> {
  typedef double Register __attribute__((vector_size(Bytes)));
  typedef double Loose __attribute__((vector_size(Bytes), aligned(8), may_alias));
  typedef long long Word __attribute__((vector_size(Bytes)));
  static constexpr long long magnitude = 0x7fffffffffffffff;
};
template <int Bytes>
struct Vector<float, Bytes> {
  typedef float Register __attribute__((vector_size(Bytes)));
  typedef float Loose __attribute__((vector_size(Bytes), aligned(4), may_alias));
  typedef int Word __attribute__((vector_size(Bytes)));
  static constexpr int magnitude = 0x7fffffff;
};

// What a loop adds for each element, on registers and, at the end of the array, on single numbers.
struct Product {
  template <class T, class V>
  static T term(T x, T y) {
    return x * y;
  }
};
struct Value {
  template <class T, class V>
  static T term(T x, T) {
    return x;
  }
};
struct Square {
  template <class T, class V>
  static T term(T x, T) {
    return x * x;
  }
};
struct Magnitude {
  template <class T, class V>
  static T term(T x, T) {
    if constexpr (sizeof(T) <= 8)
      return x < 0 ? -x : x;
    else
      return reinterpret_cast<T>(reinterpret_cast<typename V::Word>(x) & V::magnitude);
  }
};

/// The sum of Term over n elements; x and y may be the same array, which is then read once.
template <class Term, class Real, int Bytes>
Real loop(const Real* x, const Real* y, std::size_t n) {
  using V = Vector<Real, Bytes>;
  using Register = typename V::Register;
  using Loose = typename V::Loose;
  constexpr std::size_t lanes = Bytes / sizeof(Real);
  const auto at = [&](std::size_t i) {
    return Term::template term<Register, V>(*reinterpret_cast<const Loose*>(x + i),
                                            *reinterpret_cast<const Loose*>(y + i));
  };
  Register a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{};
  std::size_t i = 0;
  for (; i + 8 * lanes <= n; i += 8 * lanes) {
    a += at(i);
    b += at(i + lanes);
    c += at(i + 2 * lanes);
    d += at(i + 3 * lanes);
    e += at(i + 4 * lanes);
    f += at(i + 5 * lanes);
    g += at(i + 6 * lanes);
    h += at(i + 7 * lanes);
  }
  for (; i + lanes <= n; i += lanes) a += at(i);
  const Register all = ((a + b) + (c + d)) + ((e + f) + (g + h));
  Real sum = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) sum += all[lane];
  for (; i < n; ++i) sum += Term::template term<Real, V>(x[i], y[i]);
  return sum;
}

template <class Real, int Bytes>
constexpr Loops<Real> loops() {
  return {loop<Product, Real, Bytes>,
          [](const Real* x, std::size_t n) { return loop<Value, Real, Bytes>(x, x, n); },
          [](const Real* x, std::size_t n) { return loop<Square, Real, Bytes>(x, x, n); },
          [](const Real* x, std::size_t n) { return loop<Magnitude, Real, Bytes>(x, x, n); }};
}

}  // namespace
}  // namespace plain

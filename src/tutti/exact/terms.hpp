// Where the terms of a reduction are: pointers to elements, and what is done with them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>

#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {

/// Whether so many bytes come from beyond the second cache, so that asking for them in time pays.
inline bool streams(std::size_t bytes) { return bytes > std::size_t{1} << 20U; }

/// Asks for memory that will be wanted soon, for the first and for the second cache. The processor itself
/// looks ahead as far as its queue of instructions reaches, which here are ten times those of a plain loop.
template <class Real>
inline void fetch_ahead(const Real* x) {
  constexpr std::ptrdiff_t near = 2048;  // bytes; measured
  constexpr std::ptrdiff_t far = 16384;
  const char* const here = reinterpret_cast<const char*>(x);
  __builtin_prefetch(here + near, 0, 3);
  __builtin_prefetch(here + far, 0, 2);
}

enum class Operation { sum, magnitudes, squares, dot };

template <Operation op, class Real>
struct TermsOf {
  const Real* x;
  bool streams;

  static constexpr std::size_t room = 64;  // the widest Chain
  struct Room {
    alignas(64) std::array<Real, room> x;
  };
  TermsOf from(std::size_t i) const { return {x + i, streams}; }
  /// The first n, at most `room`, and zeros.
  TermsOf padded(std::size_t n, Room& copy) const {
    std::fill(std::copy_n(x, n, copy.x.begin()), copy.x.end(), Real{0});
    return {copy.x.data(), false};
  }
  void add_by(const KernelSet<Real>& kernel, ExactSum& total, std::size_t n) const {
    const UnaryKernel<Real> function = op == Operation::sum       ? kernel.sum
                                       : op == Operation::squares ? kernel.sum_of_squares
                                                                  : kernel.absolute_sum;
    function(total, {x, n});
  }
};

template <class Real>
struct TermsOf<Operation::dot, Real> {
  const Real* x;
  const Real* y;
  bool streams;

  static constexpr std::size_t room = 64;
  struct Room {
    alignas(64) std::array<Real, room> x, y;
  };
  TermsOf from(std::size_t i) const { return {x + i, y + i, streams}; }
  TermsOf padded(std::size_t n, Room& copy) const {
    std::fill(std::copy_n(x, n, copy.x.begin()), copy.x.end(), Real{0});
    std::fill(std::copy_n(y, n, copy.y.begin()), copy.y.end(), Real{0});
    return {copy.x.data(), copy.y.data(), false};
  }
  void add_by(const KernelSet<Real>& kernel, ExactSum& total, std::size_t n) const {
    kernel.dot(total, {x, n}, {y, n});
  }
};

/// What all instruction sets have in common for an operation on elements of a type.
template <Operation op, class Real>
struct OperationOn {
  using Terms = TermsOf<op, Real>;
  static constexpr bool product = op == Operation::dot || op == Operation::squares;
  static constexpr bool errors = product && std::is_same_v<Real, double>;  // products of float32 are exact
  static constexpr int bits = std::numeric_limits<Real>::digits * (product ? 2 : 1);

  static void general(ExactSum& total, const Terms& terms, std::size_t n) {
    terms.add_by(portable_set<Real>(), total, n);
  }
};

}  // namespace tutti::exact

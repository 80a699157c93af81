// Where the terms of a reduction are: pointers to elements, and what is done with them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tutti/exact/kernels.hpp"

namespace tutti::exact {

/// Whether so many bytes come from beyond the second cache, so that asking for them in time pays.
inline bool streams(std::size_t bytes) { return bytes > std::size_t{1} << 20U; }

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

}  // namespace tutti::exact

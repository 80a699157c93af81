// Where the terms of a reduction are: pointers to elements, and what is done with them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tutti/exact/kernels.hpp"

namespace tutti::exact {

enum class Operation { sum, magnitudes, squares, dot };

template <Operation op, class Real>
struct TermsOf {
  const Real* x;

  static constexpr std::size_t room = 64;  // the widest Chain
  struct Room {
    alignas(64) std::array<Real, room> x;
  };
  TermsOf from(std::size_t i) const { return {x + i}; }
  /// The first n, at most `room`, and zeros.
  TermsOf padded(std::size_t n, Room& copy) const {
    std::fill(std::copy_n(x, n, copy.x.begin()), copy.x.end(), Real{0});
    return {copy.x.data()};
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

  static constexpr std::size_t room = 64;
  struct Room {
    alignas(64) std::array<Real, room> x, y;
  };
  TermsOf from(std::size_t i) const { return {x + i, y + i}; }
  TermsOf padded(std::size_t n, Room& copy) const {
    std::fill(std::copy_n(x, n, copy.x.begin()), copy.x.end(), Real{0});
    std::fill(std::copy_n(y, n, copy.y.begin()), copy.y.end(), Real{0});
    return {copy.x.data(), copy.y.data()};
  }
  void add_by(const KernelSet<Real>& kernel, ExactSum& total, std::size_t n) const {
    kernel.dot(total, {x, n}, {y, n});
  }
};

}  // namespace tutti::exact

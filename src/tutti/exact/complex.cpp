#include "tutti/exact/complex.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "tutti/exact/number_types.hpp"
#include "tutti/exact/pieces.hpp"

namespace tutti::exact {

namespace {

// Complex numbers at a time: large enough that a kernel's fixed cost (some 100 ns) does not show, small
// enough that the piece of x, that of y and a rearranged copy stay in the second-level cache together.
constexpr std::size_t piece = 2048;

template <class T>
using Real = typename T::value_type;

// The standard lets an array of n complex numbers be used as 2 n reals: re, im, re, im ...
// ([complex.numbers.general]).
template <class T>
std::span<const Real<T>> reals(std::span<const T> x) {
  return {reinterpret_cast<const Real<T>*>(x.data()), 2 * x.size()};
}

// -value, by its bits: no rounding mode and no flush to zero can have a say.
template <class R>
R negated(R value) {
  using Bits = std::conditional_t<sizeof(R) == 8, std::uint64_t, std::uint32_t>;
  return std::bit_cast<R>(std::bit_cast<Bits>(value) ^ (Bits{1} << (8 * sizeof(R) - 1)));
}

// work(first, real parts, imaginary parts) for one piece of x after another.
template <class T, class Work>
void in_parts(std::span<const T> x, const Work& work) {
  using R = Real<T>;
  std::array<R, piece> re, im;
  in_pieces(x.size(), piece, [&](std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      re[i] = x[first + i].real();
      im[i] = x[first + i].imag();
    }
    work(first, std::span<const R>(re.data(), count), std::span<const R>(im.data(), count));
  });
}

}  // namespace

template <ComplexNumber T>
void add_sum(ExactSum& real, ExactSum& imaginary, std::span<const T> x) {
  in_parts(x, [&](std::size_t, std::span<const Real<T>> re, std::span<const Real<T>> im) {
    add_sum(real, re);
    add_sum(imaginary, im);
  });
}

// As arrays of reals, x is a b a b ... and y is c d c d ...:
//   plain      real: x times c -d ...    imaginary: x times d c ...
//   conjugated real: x times y itself    imaginary: x times d -c ...
// One real dot product of twice the length for each part, after moving y around in the cache.
template <ComplexNumber T>
void add_dot(ExactSum& real, ExactSum& imaginary, std::span<const T> x, std::span<const T> y,
             Conjugated conjugated) {
  check_lengths("complex dot", x.size(), y.size());
  std::array<Real<T>, 2 * piece> moved;
  in_pieces(x.size(), piece, [&](std::size_t first, std::size_t count) {
    const std::span<const Real<T>> left = reals(x.subspan(first, count));
    const std::span<const Real<T>> right = reals(y.subspan(first, count));
    const std::span<const Real<T>> rearranged(moved.data(), 2 * count);
    if (conjugated == Conjugated::first) {
      add_dot(real, left, right);
      for (std::size_t i = 0; i < 2 * count; i += 2) {
        moved[i] = right[i + 1];
        moved[i + 1] = negated(right[i]);
      }
    } else {
      for (std::size_t i = 0; i < 2 * count; i += 2) {
        moved[i] = right[i];
        moved[i + 1] = negated(right[i + 1]);
      }
      add_dot(real, left, rearranged);
      for (std::size_t i = 0; i < 2 * count; i += 2) {
        moved[i] = right[i + 1];
        moved[i + 1] = right[i];
      }
    }
    add_dot(imaginary, left, rearranged);
  });
}

template <Number W, ComplexNumber T>
void add_weighted(ExactSum& real, ExactSum& imaginary, std::span<const W> weights, std::span<const T> x) {
  check_lengths("weighted sum", weights.size(), x.size());
  in_parts(x, [&](std::size_t first, std::span<const Real<T>> re, std::span<const Real<T>> im) {
    const std::span<const W> now = weights.subspan(first, re.size());
    add_dot(real, now, re);
    add_dot(imaginary, now, im);
  });
}

template <ComplexNumber T>
void add_squares(ExactSum& total, std::span<const T> x) {
  add_squares(total, reals(x));
}

#define TUTTI_WEIGHTED(T, W) \
  template void add_weighted(ExactSum&, ExactSum&, std::span<const W>, std::span<const T>);
#define TUTTI_INSTANTIATE(T)                                                                       \
  template void add_sum(ExactSum&, ExactSum&, std::span<const T>);                                 \
  template void add_dot(ExactSum&, ExactSum&, std::span<const T>, std::span<const T>, Conjugated); \
  template void add_squares(ExactSum&, std::span<const T>);                                        \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_WEIGHTED, T)
TUTTI_INSTANTIATE(std::complex<double>)
TUTTI_INSTANTIATE(std::complex<float>)
#undef TUTTI_INSTANTIATE
#undef TUTTI_WEIGHTED

}  // namespace tutti::exact

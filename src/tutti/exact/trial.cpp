#include "tutti/exact/trial.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/core/random.hpp"
#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {

namespace {

// Terms of both signs whose exponents spread over `binades` around `centre`: more than a tier takes makes its
// residues inexact, which it must notice. All significant bits, or the leading one alone. Made of bits, as a
// caller may have unmasked exceptions, or look at the flags.
template <class Real>
std::vector<Real> terms(std::size_t n, int binades, std::uint64_t seed, int centre = 0, bool powers = false) {
  using Bits = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;
  constexpr int fraction_bits = std::numeric_limits<Real>::digits - 1;
  constexpr Bits one = std::bit_cast<Bits>(Real{1});
  constexpr Bits exponent_field = std::bit_cast<Bits>(std::numeric_limits<Real>::infinity());
  const Random random(seed, static_cast<std::uint64_t>(binades));
  std::vector<Real> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto index = static_cast<Index>(i);
    const auto exponent = static_cast<Bits>(random.bits(index, 1) % static_cast<std::uint64_t>(binades + 1)) -
                          static_cast<Bits>(binades / 2 - centre);
    const Bits sign = Bits{1} << (8 * sizeof(Bits) - 1);
    const Bits other = static_cast<Bits>(random.bits(index)) & (powers ? sign : ~exponent_field);
    values[i] = std::bit_cast<Real>(static_cast<Bits>((one + (exponent << fraction_bits)) | other));
  }
  return values;
}

template <class Real>
bool agree(const KernelSet<Real>& kernel, const KernelSet<Real>& reference, const std::vector<Real>& x,
           const std::vector<Real>& y) {
  const auto same = [&](auto member, auto... data) {
    ExactSum got;
    ExactSum expected;
    (kernel.*member)(got, data...);
    (reference.*member)(expected, data...);
    return got == expected;
  };
  const std::span<const Real> xs(x);
  const std::span<const Real> ys(y);
  using Set = KernelSet<Real>;
  return same(&Set::sum, xs) && same(&Set::dot, xs, ys) && same(&Set::sum_of_squares, xs) &&
         same(&Set::absolute_sum, xs);
}

template <class Real>
bool agrees(const KernelSet<Real>& kernel, const KernelSet<Real>& reference) {
  constexpr std::size_t n = 150;  // several vectors, and a tail
  const auto agree_on = [&](int binades, int centre, bool powers) {
    return agree(kernel, reference, terms<Real>(n, binades, 1, centre, powers),
                 terms<Real>(n, binades, 2, -centre / 4, powers));
  };
  for (const int binades : {0, 10, 25, 45, 70, 100, 120, 160})
    if (!agree_on(binades, 0, false)) return false;
  constexpr int far = sizeof(Real) == 8 ? 200 : 30;
  if (!agree_on(10, far, false) || !agree_on(80, far, true) || !agree_on(80, 0, true)) return false;
  std::vector<Real> grown = terms<Real>(n, 3, 3);  // the first terms do not tell what comes
  const std::vector<Real> later = terms<Real>(n, 3, 4, 12);
  std::copy(later.begin() + n / 2, later.end(), grown.begin() + n / 2);
  if (!agree(kernel, reference, grown, grown)) return false;
  std::vector<Real> x = terms<Real>(n, 3, 1);
  std::vector<Real> y = terms<Real>(n, 3, 2);
  x[7] = std::numeric_limits<Real>::min();  // a product that underflows, one that overflows
  y[7] = std::numeric_limits<Real>::min() * 3;
  x[90] = y[90] = std::numeric_limits<Real>::max();
  x[33] = std::numeric_limits<Real>::denorm_min();
  if (!agree(kernel, reference, x, y)) return false;
  for (const Real special : {std::numeric_limits<Real>::infinity(), std::numeric_limits<Real>::quiet_NaN()}) {
    x[n - 1] = special;
    if (!agree(kernel, reference, x, y)) return false;
  }
  return true;
}

}  // namespace

bool passes_trial(const Kernel& kernel) {
  const Kernel reference = reference_kernel();
  return agrees(kernel.float64, reference.float64) && agrees(kernel.float32, reference.float32);
}

}  // namespace tutti::exact

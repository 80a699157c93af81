// What kernels compute, written once for vectors of any width. A kernel defines TUTTI_TARGET, the attribute
// that names its instruction set, then includes this; on functions and not on files, because what a file
// shares with others (inline functions of headers) must run on any processor.
//
// Lanes are the vectors of an instruction set: `width` numbers at once, and integers of the same size. All
// they may do is + - * / fma sqrt and conversions, each rounded once as IEEE 754 says: so all lanes of all
// processors agree.
#pragma once

#if !defined(TUTTI_TARGET)
#error "define TUTTI_TARGET first"
#endif
#define TUTTI_INLINE TUTTI_TARGET __attribute__((always_inline)) inline

#include <cstdint>

#include "tutti/molecular/kernels.hpp"

namespace tutti::molecular {

/// What a loop is compiled for: Variant as types.
template <bool shift, bool mixed, bool same_units>
struct VariantOf {
  static constexpr bool force_shift = shift;
  static constexpr bool mixture = mixed;
  static constexpr bool isotropic = same_units;
};

/// One constant of pairs: the same for all, or looked up by the types of both.
template <class L, bool mixture>
struct Number {
  typename L::Real value;

  TUTTI_INLINE void set(const TypeTable<typename L::Scalar>& table, std::size_t) {
    value = L::broadcast(*table.row(0));
  }
  TUTTI_INLINE typename L::Real of(typename L::Int) const { return value; }
};
template <class L>
struct Number<L, true> {
  const typename L::Scalar* row;
  std::size_t stride;

  TUTTI_INLINE void set(const TypeTable<typename L::Scalar>& table, std::size_t type) {
    row = table.row(type);
    stride = table.stride();
  }
  TUTTI_INLINE typename L::Real of(typename L::Int label) const { return L::lookup(row, stride, label); }
};

/// The constants of a row: of the pairs of one type with all others. Kept in registers where there is one
/// type.
template <class L, class V>
struct Numbers {
  using One = Number<L, V::mixture>;
  One cutoff2, sigma2, a, b, shift;
  typename L::Real scale[axes];

  template <class Constants>
  TUTTI_INLINE void set(const Constants& constants, std::size_t type) {
    cutoff2.set(constants.cutoff2, type);
    sigma2.set(constants.sigma2, type);
    a.set(constants.a, type);
    b.set(constants.b, type);
    shift.set(constants.shift, type);
    for (std::size_t axis = 0; axis < axes; ++axis) scale[axis] = L::broadcast(constants.scale[axis]);
  }
};

template <class L, class V>
struct EnergyNumbers : Numbers<L, V> {
  using typename Numbers<L, V>::One;
  One e, at_cutoff, slope;

  TUTTI_INLINE void set(const EnergyConstants& constants, std::size_t type) {
    Numbers<L, V>::set(constants, type);
    e.set(constants.e, type);
    at_cutoff.set(constants.at_cutoff, type);
    slope.set(constants.slope, type);
  }
};

/// Differences of coordinates, in units of the x axis, and the square of their length.
template <class L, class V>
struct Separation {
  typename L::Real x, y, z, square;

  TUTTI_INLINE Separation(const typename L::Points& self, const typename L::Points& other,
                          const typename L::Real (&scale)[axes])
      : x(L::difference(self.x, other.x)),
        y(L::difference(self.y, other.y)),
        z(L::difference(self.z, other.z)) {
    if constexpr (!V::isotropic) {
      x = L::multiply(x, scale[0]);
      y = L::multiply(y, scale[1]);
      z = L::multiply(z, scale[2]);
    }
    square = L::fma(z, z, L::fma(y, y, L::multiply(x, x)));
  }
};

/// F / r of each pair inside its cutoff, 0 of the others; and (sigma / r)^2.
template <class L, class V>
TUTTI_INLINE typename L::Real force_factor(const Numbers<L, V>& numbers, typename L::Int label,
                                           typename L::Mask inside, typename L::Real square,
                                           typename L::Real& s2) {
  s2 = L::divide(inside, numbers.sigma2.of(label), square);
  const auto s4 = L::multiply(s2, s2);
  const auto s6 = L::multiply(s4, s2);
  const auto f = L::multiply(L::multiply(s4, s4), L::fma(numbers.a.of(label), s6, numbers.b.of(label)));
  if constexpr (!V::force_shift) return f;
  return L::subtract(f, L::multiply(numbers.shift.of(label), L::root(s2)));
}

/// The sum of forces on one particle.
template <class L, class V>
struct ForceRow {
  typename L::Points self;
  typename L::Sum x, y, z;
  typename L::Real steepest;  // the largest (sigma / r)^2

  TUTTI_INLINE void start(const typename L::Point& point) {
    self = L::repeat(point);
    x = L::no_sum();
    y = L::no_sum();
    z = L::no_sum();
    steepest = L::broadcast(0);
  }

  TUTTI_INLINE void add(const Numbers<L, V>& numbers, const typename L::Point* block,
                        const std::uint16_t* entries, typename L::Mask present) {
    const typename L::Points other = L::gather(block, entries);
    const Separation<L, V> r(self, other, numbers.scale);
    const auto inside = L::less(present, r.square, numbers.cutoff2.of(other.label));
    typename L::Real s2;
    const auto f = force_factor<L, V>(numbers, other.label, inside, r.square, s2);
    steepest = L::larger(steepest, s2);
    x = L::add_rounded(x, f, r.x);
    y = L::add_rounded(y, f, r.y);
    z = L::add_rounded(z, f, r.z);
  }
};

/// The force on the particle of a row.
/// @return the largest (sigma / r)^2 of its pairs, in each lane
template <class L, class V>
TUTTI_INLINE typename L::Real row_force(const Numbers<L, V>& numbers, const typename L::Point* block,
                                        const Row& row, const std::uint16_t* entries, Force& force) {
  ForceRow<L, V> sums;
  sums.start(block[row.self]);
  typename L::Total total = L::no_total();
  std::size_t left = row.count;
  do {  // one turn, unless lanes are too narrow for a whole row
    std::size_t vectors = 0;
    for (; left >= L::width && vectors < L::most_vectors; ++vectors, left -= L::width, entries += L::width)
      sums.add(numbers, block, entries, L::all());
    if constexpr (L::width > 1)
      if (left > 0 && left < L::width && vectors < L::most_vectors) {
        sums.add(numbers, block, entries, L::first(left));
        left = 0;
        ++vectors;
      }
    L::drain(total, sums.x, sums.y, sums.z, vectors);
  } while (left > 0);
  L::store(total, force);
  return sums.steepest;
}

/// The same in wider lanes.
/// @return whether these do not hold all sums for sure, either
template <class W, class V>
TUTTI_TARGET __attribute__((noinline)) bool redo_row(const PairConstants<typename W::Scalar>& constants,
                                                     const typename W::Point* block, const Row& row,
                                                     const std::uint16_t* entries, Force& force) {
  Numbers<W, V> numbers;
  numbers.set(constants, V::mixture ? block[row.self].label & 0xffffU : 0);
  return W::any_above(row_force<W, V>(numbers, block, row, entries, force), constants.most_wide);
}

/// Forces on the particles of rows.
template <class L, class V>
TUTTI_TARGET void force_rows(const typename L::Point* block, const RowBatch& batch,
                             const PairConstants<typename L::Scalar>& constants, Force* forces,
                             CloseRows& close) {
  Numbers<L, V> numbers;
  numbers.set(constants, 0);
  const std::uint16_t* entries = batch.entries;
  for (const Row& row : batch.rows) {
    if constexpr (V::mixture) numbers.set(constants, block[row.self].label & 0xffffU);
    Force& force = forces[row.self];
    const auto steepest = row_force<L, V>(numbers, block, row, entries, force);
    bool is_close = L::any_above(steepest, L::narrow ? constants.most_narrow : constants.most_wide);
    if constexpr (L::narrow)
      if (is_close) [[unlikely]]
        is_close = redo_row<typename L::Wider, V>(constants, block, row, entries, force);
    if (is_close) [[unlikely]]
      close.push_back(static_cast<std::uint32_t>(&row - batch.rows.data()));
    entries += row.count;
  }
}

/// What a pair contributes: its energy, and the parts of its virial, each as a product to be rounded.
template <class L, class V>
struct EnergyTerms {
  typename L::Real energy, fx, fy, fz;

  TUTTI_INLINE EnergyTerms(const EnergyNumbers<L, V>& numbers, const Separation<L, V>& r,
                           typename L::Mask inside, typename L::Real f, typename L::Real s2,
                           typename L::Int label)
      : fx(L::multiply(f, r.x)), fy(L::multiply(f, r.y)), fz(L::multiply(f, r.z)) {
    const auto s6 = L::multiply(L::multiply(s2, s2), s2);
    auto shift = numbers.at_cutoff.of(label);
    if constexpr (V::force_shift) shift = L::fma(numbers.slope.of(label), L::root(r.square), shift);
    energy = L::where(inside, L::add(L::multiply(numbers.e.of(label), L::fma(s6, s6, L::negate(s6))), shift));
  }
  /// Of xx, yy, zz, xy, xz, yz.
  TUTTI_INLINE typename L::Real factor(std::size_t k) const {
    return k == 1 || k == 5 ? fy : k == 2 ? fz : fx;
  }
  TUTTI_INLINE typename L::Real arm(std::size_t k, const Separation<L, V>& r) const {
    return k == 0 ? r.x : k == 1 || k == 3 ? r.y : r.z;
  }
};

/// The energies and virials of one particle's pairs.
template <class L, class V>
struct EnergyRow {
  typename L::Points self;
  typename L::Sum sums[7];
  typename L::Real steepest;

  TUTTI_INLINE void start(const typename L::Point& point) {
    self = L::repeat(point);
    for (auto& sum : sums) sum = L::no_sum();
    steepest = L::broadcast(0);
  }

  TUTTI_INLINE void add(const EnergyNumbers<L, V>& numbers, const typename L::Point* block,
                        const std::uint16_t* entries, typename L::Mask present) {
    const typename L::Points other = L::gather(block, entries);
    const Separation<L, V> r(self, other, numbers.scale);
    const auto inside = L::less(present, r.square, numbers.cutoff2.of(other.label));
    typename L::Real s2;
    const auto f = force_factor<L, V>(numbers, other.label, inside, r.square, s2);
    steepest = L::larger(steepest, s2);
    const EnergyTerms<L, V> terms(numbers, r, inside, f, s2, other.label);
    sums[0] = L::add_rounded(sums[0], terms.energy, L::broadcast(1));
    for (std::size_t k = 0; k < 6; ++k)
      sums[k + 1] = L::add_rounded(sums[k + 1], terms.factor(k), terms.arm(k, r));
  }
};

/// Energies and virials of rows.
template <class L, class V>
TUTTI_TARGET void energy_rows(const typename L::Point* block, const RowBatch& batch,
                              const EnergyConstants& constants, PairSums& result, CloseRows& close) {
  EnergyNumbers<L, V> numbers;
  numbers.set(constants, 0);
  const std::uint16_t* entries = batch.entries;
  for (const Row& row : batch.rows) {
    const typename L::Point& self = block[row.self];
    if constexpr (V::mixture) numbers.set(constants, self.label & 0xffffU);
    EnergyRow<L, V> sums;
    sums.start(self);
    std::size_t vectors = 0;
    std::size_t left = row.count;
    for (; left >= L::width; ++vectors, left -= L::width, entries += L::width)
      sums.add(numbers, block, entries, L::all());
    if (left > 0) {
      sums.add(numbers, block, entries, L::first(left));
      entries += left;
      ++vectors;
    }
    if (L::any_above(sums.steepest, constants.most)) [[unlikely]] {
      close.push_back(static_cast<std::uint32_t>(&row - batch.rows.data()));
      continue;
    }
    result.energy += L::value(sums.sums[0], vectors);
    for (std::size_t k = 0; k < result.virial.size(); ++k)
      result.virial[k] += L::value(sums.sums[k + 1], vectors);
  }
}

/// Tables of the functions above, for all variants.
template <class L>
constexpr auto all_force_rows() {
  return std::array{
      &force_rows<L, VariantOf<false, false, false>>, &force_rows<L, VariantOf<false, false, true>>,
      &force_rows<L, VariantOf<false, true, false>>,  &force_rows<L, VariantOf<false, true, true>>,
      &force_rows<L, VariantOf<true, false, false>>,  &force_rows<L, VariantOf<true, false, true>>,
      &force_rows<L, VariantOf<true, true, false>>,   &force_rows<L, VariantOf<true, true, true>>};
}
template <class L>
constexpr auto all_energy_rows() {
  return std::array{
      &energy_rows<L, VariantOf<false, false, false>>, &energy_rows<L, VariantOf<false, false, true>>,
      &energy_rows<L, VariantOf<false, true, false>>,  &energy_rows<L, VariantOf<false, true, true>>,
      &energy_rows<L, VariantOf<true, false, false>>,  &energy_rows<L, VariantOf<true, false, true>>,
      &energy_rows<L, VariantOf<true, true, false>>,   &energy_rows<L, VariantOf<true, true, true>>};
}

}  // namespace tutti::molecular

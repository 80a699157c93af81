// Interactions as kernels want them: in units of the grid of positions and of the quanta of forces and
// energies, and the distances down to which all sums fit their integers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tutti/molecular/box.hpp"
#include "tutti/molecular/interactions.hpp"
#include "tutti/molecular/precision.hpp"

namespace tutti::molecular {

/// Which bits of a position forces see: (X >> shift), along each axis.
struct Resolution {
  std::array<int, axes> shift;
  std::array<double, axes> unit;  ///< length of its last bit

  /// float: 32 bits, whose first stands for at least two cutoffs; so the resolution does not depend on the
  /// box, as long as that is larger than four. Others: all 64 bits.
  static Resolution of(Precision precision, const Box& box, double longest_cutoff);
};

/// Loops are compiled for each of these.
struct Variant {
  bool force_shift;
  bool mixture;    ///< more than one type
  bool isotropic;  ///< the units of all axes are the same

  std::size_t index() const { return (force_shift ? 4U : 0U) + (mixture ? 2U : 0U) + (isotropic ? 1U : 0U); }
};
inline constexpr std::size_t variants = 8;

/// One number for each pair of types; those of a type with all others lie together, at least 16 of them.
template <class Real>
class TypeTable {
 public:
  explicit TypeTable(std::size_t types = 1) : stride_((types + 15) / 16 * 16), numbers_(stride_ * types) {}

  Real& at(std::size_t a, std::size_t b) { return numbers_[a * stride_ + b]; }
  Real at(std::size_t a, std::size_t b) const { return numbers_[a * stride_ + b]; }
  const Real* row(std::size_t a) const { return numbers_.data() + a * stride_; }
  std::size_t stride() const { return stride_; }

 private:
  std::size_t stride_;
  std::vector<Real> numbers_;
};

/// For forces. Distances are in units of Resolution::unit[0], forces in quanta:
///   force = round(f d), f = s2^4 (a s2^3 + b) - shift sqrt(s2), s2 = sigma2 / r2, if r2 < cutoff2
template <class Real>
struct PairConstants {
  explicit PairConstants(std::size_t types = 1)
      : cutoff2(types), sigma2(types), a(types), b(types), shift(types), smallest2(types) {}

  std::array<Real, axes> scale{};  ///< unit[axis] / unit[0]
  Real most_narrow{};              ///< s2 above this: lanes of 32 bits may not hold the forces
  Real most_wide{};                ///< s2 above this: lanes of 64 bits may not hold their sum
  TypeTable<Real> cutoff2, sigma2, a, b, shift;
  TypeTable<Real> smallest2;  ///< r2 below this: the particles overlap
};

/// For energies and virials, in quanta:
///   energy = round(e (s2^6 - s2^3) + at_cutoff + slope sqrt(r2)), virial = round(f d_a d_b)
struct EnergyConstants {
  explicit EnergyConstants(std::size_t types = 1)
      : cutoff2(types),
        sigma2(types),
        e(types),
        at_cutoff(types),
        slope(types),
        a(types),
        b(types),
        shift(types),
        smallest2(types) {}

  std::array<double, axes> scale{};
  double most{};  ///< s2 above this: lanes may not hold the energies
  TypeTable<double> cutoff2, sigma2, e, at_cutoff, slope, a, b, shift;
  TypeTable<double> smallest2;
};

/// Everything that depends on the box, the interactions and the precision, and on nothing else.
struct Model {
  Model(const Box& box, const Interactions& interactions, Precision precision);

  Precision precision;
  Resolution resolution;
  Variant variant;
  double force_quantum;            ///< energy / length
  double energy_quantum;           ///< energy
  PairConstants<float> forces32;   ///< of float only
  PairConstants<double> forces64;  ///< of the others
  EnergyConstants energies;

  /// Nearer than this a pair is an error.
  double smallest_distance(std::size_t a, std::size_t b) const;

 private:
  TypeTable<double> smallest_;
};

}  // namespace tutti::molecular

// Which particles act on which, and how: Lennard-Jones pairs with a cutoff, of one type or of several.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/molecular/box.hpp"

namespace tutti::molecular {

/// What becomes of a pair potential U(r) at its cutoff rc.
enum class Truncation : std::uint8_t {
  plain,         ///< U(r) below rc, 0 from there on
  energy_shift,  ///< U(r) - U(rc): the energy is continuous; the same forces
  force_shift,   ///< U(r) - U(rc) - (r - rc) U'(rc): energy and force are continuous
};
const char* name(Truncation truncation);

/// U(r) = 4 epsilon ((sigma/r)^12 - (sigma/r)^6) below the cutoff.
struct LennardJones {
  double epsilon = 1;   ///< energy, >= 0; 0: no interaction
  double sigma = 1;     ///< length, > 0
  double cutoff = 2.5;  ///< length, > 0

  friend bool operator==(const LennardJones&, const LennardJones&) = default;
};

/// Where a pair's energy is lowest, in sigma: 2^(1/6).
inline constexpr double minimum_place = 1.122462048309373;

/// One kind of particles.
struct ParticleType {
  std::string name;
  double mass = 1;  ///< > 0
};

/// The interactions of all pairs of types. Symmetric.
class Interactions {
 public:
  /// At most: a particle's type has 16 bits, and tables grow with the square.
  static constexpr std::size_t most_types = 1024;

  /// No pair interacts yet.
  /// @throws UsageError without types, with too many, or for a mass that is not above 0
  Interactions(std::vector<ParticleType> types, Truncation truncation);

  /// One type.
  static Interactions of_one_type(const LennardJones& pair, Truncation truncation, double mass = 1);

  /// The repulsive part of Lennard-Jones, of Weeks, Chandler and Andersen (doi:10.1063/1.1674820): cut at its
  /// minimum, 2^(1/6) sigma, and shifted.
  static Interactions weeks_chandler_andersen(std::vector<ParticleType> types,
                                              std::span<const LennardJones> like);

  /// Both (a, b) and (b, a).
  /// @throws UsageError for numbers that LennardJones does not allow
  void set(std::size_t a, std::size_t b, const LennardJones& pair);

  /// All pairs by the rule of Lorentz and Berthelot, from those of like particles: the mean of sigma, the
  /// geometric mean of epsilon. Their cutoff is the larger of the two.
  /// @param like  one for each type
  void mix(std::span<const LennardJones> like);

  std::size_t types() const { return types_.size(); }
  const ParticleType& type(std::size_t a) const { return types_[a]; }
  const LennardJones& pair(std::size_t a, std::size_t b) const { return pairs_[a * types_.size() + b]; }
  Truncation truncation() const { return truncation_; }
  double longest_cutoff() const;
  double largest_epsilon() const;

  /// @throws UsageError if a cutoff is beyond half the shortest edge of the box, or nothing interacts
  void check_fits(const Box& box) const;

  /// What a uniform fluid beyond the cutoffs adds: the integral of U(r) over r > rc, for all pairs.
  /// @param counts  particles of each type
  /// @return energy of all particles
  double tail_energy(std::span<const Index> counts, double volume) const;
  /// @return energy / length^3, to be added to the pressure
  double tail_pressure(std::span<const Index> counts, double volume) const;

 private:
  std::vector<ParticleType> types_;
  Truncation truncation_;
  std::vector<LennardJones> pairs_;
};

}  // namespace tutti::molecular

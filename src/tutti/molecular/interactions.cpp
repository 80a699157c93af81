#include "tutti/molecular/interactions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::molecular {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw UsageError(what, {"interactions", {}}); }

// Lengths and energies of any unit, but such that their 14th powers are numbers.
bool is_reasonable(double value) { return value > 1e-15 && value < 1e15; }

}  // namespace

const char* name(Truncation truncation) {
  switch (truncation) {
    case Truncation::plain:
      return "plain";
    case Truncation::energy_shift:
      return "energy-shift";
    case Truncation::force_shift:
      return "force-shift";
  }
  return "unknown";
}

Interactions::Interactions(std::vector<ParticleType> types, Truncation truncation)
    : types_(std::move(types)), truncation_(truncation) {
  if (types_.empty()) refuse("interactions: there are no types of particles; give at least one");
  if (types_.size() > most_types)
    refuse(text("interactions: ", types_.size(), " types of particles; give at most ", most_types));
  for (const ParticleType& type : types_)
    if (!is_reasonable(type.mass))
      refuse(text("type ", printable(type.name), ": its mass is ", type.mass,
                  "; give one above 0 (1e-15 to 1e15)"));
  pairs_.assign(types_.size() * types_.size(), LennardJones{0, 1, 1});
}

Interactions Interactions::of_one_type(const LennardJones& pair, Truncation truncation, double mass) {
  Interactions made({{"1", mass}}, truncation);
  made.set(0, 0, pair);
  return made;
}

Interactions Interactions::weeks_chandler_andersen(std::vector<ParticleType> types,
                                                   std::span<const LennardJones> like) {
  Interactions made(std::move(types), Truncation::energy_shift);
  made.mix(like);
  for (std::size_t a = 0; a < made.types(); ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      LennardJones pair = made.pair(a, b);
      pair.cutoff = minimum_place * pair.sigma;
      made.set(a, b, pair);
    }
  return made;
}

void Interactions::set(std::size_t a, std::size_t b, const LennardJones& pair) {
  if (a >= types() || b >= types())
    refuse(text("interactions: types ", a + 1, " and ", b + 1, "; there are only ", types()));
  const std::string which =
      text("interaction of types ", printable(types_[a].name), " and ", printable(types_[b].name), ": ");
  if (pair.epsilon != 0 && !is_reasonable(pair.epsilon))
    refuse(text(which, "epsilon is ", pair.epsilon, "; give 0, or an energy above it (1e-15 to 1e15)"));
  if (!is_reasonable(pair.sigma)) refuse(text(which, "sigma is ", pair.sigma, "; give a length above 0"));
  if (!(pair.cutoff >= pair.sigma / 2 && pair.cutoff <= 1000 * pair.sigma))
    refuse(text(which, "the cutoff is ", pair.cutoff, "; give a length of 0.5 to 1000 sigma (sigma is ",
                pair.sigma, ")"));
  pairs_[a * types() + b] = pairs_[b * types() + a] = pair;
}

void Interactions::mix(std::span<const LennardJones> like) {
  if (like.size() != types())
    throw ShapeError(text("interactions: ", like.size(), " pairs of like particles for ", types(), " types"),
                     {"interactions", {static_cast<Index>(like.size()), static_cast<Index>(types())}});
  for (std::size_t a = 0; a < types(); ++a)
    for (std::size_t b = 0; b <= a; ++b)
      set(a, b,
          a == b
              ? like[a]
              : LennardJones{std::sqrt(like[a].epsilon * like[b].epsilon),
                             (like[a].sigma + like[b].sigma) / 2, std::max(like[a].cutoff, like[b].cutoff)});
}

double Interactions::longest_cutoff() const {
  double longest = 0;
  for (const LennardJones& pair : pairs_)
    if (pair.epsilon != 0) longest = std::max(longest, pair.cutoff);
  return longest;
}

double Interactions::largest_epsilon() const {
  double largest = 0;
  for (const LennardJones& pair : pairs_) largest = std::max(largest, pair.epsilon);
  return largest;
}

void Interactions::check_fits(const Box& box) const {
  const double cutoff = longest_cutoff();
  if (cutoff == 0) refuse("interactions: no pair of types interacts; give at least one an epsilon above 0");
  if (cutoff > box.shortest_edge() / 2)
    refuse(text("the cutoff is ", cutoff, ", but the shortest edge of the box ", box.shortest_edge(),
                ": a particle would meet two images of another; give a cutoff of at most half of it, ",
                box.shortest_edge() / 2));
}

double Interactions::tail_energy(std::span<const Index> counts, double volume) const {
  double energy = 0;
  for (std::size_t a = 0; a < types(); ++a)
    for (std::size_t b = 0; b < types(); ++b) {
      const LennardJones& p = pair(a, b);
      const double s3 = p.sigma / p.cutoff * (p.sigma / p.cutoff) * (p.sigma / p.cutoff);
      const double integral =
          8.0 / 3 * std::numbers::pi * p.epsilon * (p.sigma * p.sigma * p.sigma) * (s3 * s3 * s3 / 3 - s3);
      energy += static_cast<double>(counts[a]) * static_cast<double>(counts[b]) / volume * integral;
    }
  return energy;
}

double Interactions::tail_pressure(std::span<const Index> counts, double volume) const {
  double pressure = 0;
  for (std::size_t a = 0; a < types(); ++a)
    for (std::size_t b = 0; b < types(); ++b) {
      const LennardJones& p = pair(a, b);
      const double s3 = p.sigma / p.cutoff * (p.sigma / p.cutoff) * (p.sigma / p.cutoff);
      const double integral = 16.0 / 3 * std::numbers::pi * p.epsilon * (p.sigma * p.sigma * p.sigma) *
                              (2 * s3 * s3 * s3 / 3 - s3);
      pressure +=
          static_cast<double>(counts[a]) / volume * (static_cast<double>(counts[b]) / volume) * integral;
    }
  return pressure;
}

}  // namespace tutti::molecular

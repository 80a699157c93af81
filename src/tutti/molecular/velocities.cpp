#include "tutti/molecular/velocities.hpp"

#include <cmath>

#include "tutti/core/error.hpp"
#include "tutti/core/random.hpp"
#include "tutti/core/text.hpp"
#include "tutti/molecular/elementary.hpp"
#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

namespace {

constexpr std::uint64_t velocity_stream = 0x76656c6f63697479;  // "velocity"
constexpr double quantum = 0x1p-40;

std::int64_t quanta(double x) { return nearest(x / quantum); }

// From 2^-54 to 1 - 2^-54: never 0 or 1.
double open_uniform(const Random& random, Index id, std::uint64_t axis) {
  return (static_cast<double>(random.bits(id, axis) >> 11U) + 0.5) * 0x1p-53;
}

}  // namespace

Velocities::Velocities(std::uint64_t seed, double temperature, Index particles, const Units& units,
                       const MotionConstants& constants)
    : seed_(seed),
      temperature_(temperature),
      particles_(particles),
      boltzmann_(units.boltzmann),
      constants_(&constants) {
  if (!std::isfinite(temperature) || temperature < 0)
    throw UsageError(text("the temperature is ", temperature, "; give 0 or more"), {"temperature", {}});
}

// A momentum whose unit is left open: normal, of variance m, as equipartition has it.
std::array<double, axes> Velocities::drawn(const Position& at) const {
  const Random random(seed_, velocity_stream);
  const double root = std::sqrt(constants_->mass[at.type()]);
  std::array<double, axes> p{};
  for (std::size_t a = 0; a < p.size(); ++a) p[a] = root * normal_quantile(open_uniform(random, at.id(), a));
  return p;
}

std::array<double, axes> Velocities::centred(const Position& at) const {
  std::array<double, axes> p = drawn(at);
  for (std::size_t a = 0; a < p.size(); ++a) p[a] -= constants_->mass[at.type()] * drift_[a];
  return p;
}

Velocities::Drawn Velocities::draw(const Atoms& atoms) {
  const NearestRounding rounding;
  Drawn sums;
  for (const Position& at : atoms.own_positions()) {
    const std::array<double, axes> p = drawn(at);
    for (std::size_t a = 0; a < p.size(); ++a) sums.momentum[a] += quanta(p[a]);
    sums.mass += quanta(constants_->mass[at.type()]);
  }
  return sums;
}

Velocities::Centred Velocities::centre(const Atoms& atoms, const Drawn& total) {
  const NearestRounding rounding;
  for (std::size_t a = 0; a < drift_.size(); ++a)
    drift_[a] = static_cast<double>(total.momentum[a]) / static_cast<double>(total.mass);
  Centred sums;
  for (const Position& at : atoms.own_positions()) {
    const std::array<double, axes> p = centred(at);
    sums.energy += quanta((p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) / constants_->mass[at.type()]);
  }
  return sums;
}

Velocities::Scaled Velocities::scale(Atoms& atoms, const Centred& total) {
  const NearestRounding rounding;
  const double wanted =
      3 * static_cast<double>(particles_ - 1) * boltzmann_ * temperature_ * constants_->force_to_kick;
  const double drawn = static_cast<double>(total.energy) * quantum;
  const double factor = drawn > 0 ? std::sqrt(wanted / drawn) / constants_->momentum_quantum : 0;
  Scaled sums;
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    const std::array<double, axes> p = centred(atoms.positions()[i]);
    for (const double part : p)
      if (!(std::fabs(part * factor) < 0x1p60))
        throw UsageError(
            text("the temperature is ", temperature_, ": momenta of this precision do not hold it; ",
                 "give a lower one, or a coarser precision"),
            {"temperature", {}});
    Momentum& momentum = atoms.momenta()[i];
    momentum.x = nearest(p[0] * factor);
    momentum.y = nearest(p[1] * factor);
    momentum.z = nearest(p[2] * factor);
    sums.momentum[0] += momentum.x;
    sums.momentum[1] += momentum.y;
    sums.momentum[2] += momentum.z;
  }
  return sums;
}

void Velocities::balance(Atoms& atoms, const Scaled& total) {
  const Int128 n = particles_;
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    Momentum& momentum = atoms.momenta()[i];
    const Index id = atoms.positions()[i].id();
    const auto part = [&](Int128 sum) {  // a share for each, and what is left over for the first ids
      const Int128 share = sum / n;
      const Int128 rest = sum % n;
      return static_cast<std::int64_t>(share +
                                       (id % n < (rest < 0 ? -rest : rest) ? (rest < 0 ? -1 : 1) : 0));
    };
    momentum.x -= part(total.momentum[0]);
    momentum.y -= part(total.momentum[1]);
    momentum.z -= part(total.momentum[2]);
  }
}

void set_velocities(Atoms& atoms, std::uint64_t seed, double temperature, const Units& units,
                    const MotionConstants& constants) {
  Velocities velocities(seed, temperature, static_cast<Index>(atoms.own()), units, constants);
  const Velocities::Drawn drawn = velocities.draw(atoms);
  const Velocities::Centred centred = velocities.centre(atoms, drawn);
  velocities.balance(atoms, velocities.scale(atoms, centred));
}

}  // namespace tutti::molecular

#include "tutti/molecular/observables.hpp"

#include <cmath>

#include "tutti/molecular/motion.hpp"
#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

Sums& Sums::operator+=(const Sums& other) {
  pairs.energy += other.pairs.energy;
  for (std::size_t k = 0; k < kinetic.size(); ++k) {
    pairs.virial[k] += other.pairs.virial[k];
    kinetic[k] += other.kinetic[k];
  }
  for (std::size_t a = 0; a < momentum.size(); ++a) momentum[a] += other.momentum[a];
  particles += other.particles;
  return *this;
}

void add_motion(Sums& sums, const Atoms& atoms, const MotionConstants& constants, const Model& model) {
  const NearestRounding rounding;
  std::vector<double> scale;
  for (const double mass : constants.mass)
    scale.push_back(constants.momentum_quantum * constants.momentum_quantum / mass / constants.force_to_kick /
                    model.energy_quantum);
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    const Momentum& p = atoms.momenta()[i];
    const double factor = scale[atoms.positions()[i].type()];
    const std::array<double, axes> v{static_cast<double>(p.x), static_cast<double>(p.y),
                                     static_cast<double>(p.z)};
    const std::array<double, 6> parts{v[0] * v[0] * factor, v[1] * v[1] * factor, v[2] * v[2] * factor,
                                      v[0] * v[1] * factor, v[0] * v[2] * factor, v[1] * v[2] * factor};
    for (std::size_t k = 0; k < parts.size(); ++k) {
      if (!(std::fabs(parts[k]) < 0x1p62))
        throw SpeedError(atoms.positions()[i].id(), HUGE_VAL, constants.longest_step);
      sums.kinetic[k] += nearest(parts[k]);
    }
    sums.momentum[0] += p.x;
    sums.momentum[1] += p.y;
    sums.momentum[2] += p.z;
  }
  sums.particles += static_cast<Index>(atoms.own());
}

Observables observables(const Sums& sums, const Box& box, const Units& units, const Model& model) {
  const NearestRounding rounding;
  const double quantum = model.energy_quantum;
  const auto real = [&](Int128 quanta) { return static_cast<double>(quanta) * quantum; };
  const auto trace = [](const std::array<Int128, 6>& tensor) { return tensor[0] + tensor[1] + tensor[2]; };
  Observables made{};
  made.potential_energy = real(sums.pairs.energy) / 2;
  made.kinetic_energy = real(trace(sums.kinetic)) / 2;
  made.virial = real(trace(sums.pairs.virial)) / 2;
  const auto freedom = static_cast<double>(3 * sums.particles - 3);
  made.temperature = sums.particles > 1 ? real(trace(sums.kinetic)) / (freedom * units.boltzmann) : 0;
  const double factor = units.pressure / box.volume();
  made.pressure = real(2 * trace(sums.kinetic) + trace(sums.pairs.virial)) / 6 * factor;
  for (std::size_t k = 0; k < made.pressure_tensor.size(); ++k)
    made.pressure_tensor[k] = real(2 * sums.kinetic[k] + sums.pairs.virial[k]) / 2 * factor;
  return made;
}

}  // namespace tutti::molecular

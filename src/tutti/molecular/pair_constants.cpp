#include "tutti/molecular/pair_constants.hpp"

#include <algorithm>
#include <cmath>

#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

namespace {

// What a pair may reach, in quanta; docs/molecular.md has the proofs.
constexpr double most_in_32_bits = 0x1p28 * 0.99;  // lanes of 32 bits take 8 of them
constexpr double most_in_64_bits = 0x1p44;         // a row has fewer than 2^16
constexpr double most_force = 0x1p55 * 0.8;        // 32 times as much leaves room for all attraction
constexpr double most_energy_in_row = 0x1p46;
constexpr double most_energy = 0x1p61;

double sixth_power(double x) { return x * x * x * (x * x * x); }

// The real numbers behind the constants of one pair.
struct Pair {
  LennardJones lj;
  Truncation truncation;
  bool force_shift = truncation == Truncation::force_shift;
  double s = lj.sigma / lj.cutoff;
  double s6 = sixth_power(s);
  double force_cut = 24 * lj.epsilon / lj.cutoff * (2 * s6 * s6 - s6);  // at the cutoff
  double energy_cut = 4 * lj.epsilon * (s6 * s6 - s6);
  double energy_shift = truncation == Truncation::plain ? 0 : energy_cut;  // what is subtracted

  // The distance at which 48 epsilon (sigma/r)^power reaches `most`: nearer than that, more may come.
  double distance_of(double most, int power) const {
    double low = 0;
    double high = 1e20;
    for (int step = 0; step < 120; ++step) {  // the root by bisection: no function of a C library
      const double middle = low + (high - low) / 2;
      double value = sixth_power(middle) * sixth_power(middle);
      if (power == 13) value *= middle;
      (48 * lj.epsilon * value > most ? high : low) = middle;
    }
    return lj.sigma / low * (1 + 0x1p-18);
  }
  // Nearer than that, a force may be larger than `most`. The attraction is never above 2.4 epsilon / sigma.
  double force_distance(double most) const {
    const double rest = 2.4 * lj.epsilon / lj.sigma + (force_shift ? std::fabs(force_cut) : 0);
    return distance_of((most - rest) * lj.sigma, 13);
  }
  // Nearer than that, an energy or a part of a virial may be larger than `most`.
  double energy_distance(double most) const {
    const double rest = 8 * lj.epsilon + std::fabs(energy_cut) + 2 * lj.cutoff * std::fabs(force_cut);
    return distance_of(most - rest, 12);
  }
};

double power_of_two_below(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);  // [0.5, 1)
  return fraction == 0 ? 0 : std::ldexp(1.0, exponent - 1);
}

double square(double x) { return x * x; }

template <class Visit>
void for_each_pair(const Interactions& interactions, Visit visit) {
  for (std::size_t a = 0; a < interactions.types(); ++a)
    for (std::size_t b = 0; b < interactions.types(); ++b)
      if (interactions.pair(a, b).epsilon != 0)
        visit(a, b, Pair{interactions.pair(a, b), interactions.truncation()});
}

template <class Real>
PairConstants<Real> force_constants(const Interactions& interactions, const Resolution& resolution,
                                    double quantum, const TypeTable<double>& smallest) {
  const double u = resolution.unit[0];
  PairConstants<Real> made(interactions.types());
  for (std::size_t a = 0; a < axes; ++a) made.scale[a] = static_cast<Real>(resolution.unit[a] / u);
  double narrow = HUGE_VAL;  // (sigma / r)^2 of the pair that needs it most
  double wide = HUGE_VAL;
  for_each_pair(interactions, [&](std::size_t a, std::size_t b, const Pair& pair) {
    const LennardJones& lj = pair.lj;
    made.cutoff2.at(a, b) = static_cast<Real>(square(lj.cutoff / u));
    made.sigma2.at(a, b) = static_cast<Real>(square(lj.sigma / u));
    made.a.at(a, b) = static_cast<Real>(48 * lj.epsilon / (lj.sigma * quantum) * (u / lj.sigma));
    made.b.at(a, b) = static_cast<Real>(-24 * lj.epsilon / (lj.sigma * quantum) * (u / lj.sigma));
    made.shift.at(a, b) = static_cast<Real>(pair.force_cut / quantum * (u / lj.sigma));
    made.smallest2.at(a, b) = static_cast<Real>(square(smallest.at(a, b) / u));
    narrow = std::min(narrow, square(lj.sigma / pair.force_distance(most_in_32_bits * quantum)));
    wide = std::min(wide, square(lj.sigma / pair.force_distance(most_in_64_bits * quantum)));
  });
  made.most_narrow = static_cast<Real>(narrow);
  made.most_wide = static_cast<Real>(wide);
  return made;
}

EnergyConstants energy_constants(const Interactions& interactions, const Resolution& resolution,
                                 double quantum, const TypeTable<double>& smallest) {
  const double u = resolution.unit[0];
  EnergyConstants made(interactions.types());
  for (std::size_t a = 0; a < axes; ++a) made.scale[a] = resolution.unit[a] / u;
  double most = HUGE_VAL;
  for_each_pair(interactions, [&](std::size_t a, std::size_t b, const Pair& pair) {
    const LennardJones& lj = pair.lj;
    const double u2 = square(u / lj.sigma);
    made.cutoff2.at(a, b) = square(lj.cutoff / u);
    made.sigma2.at(a, b) = square(lj.sigma / u);
    made.e.at(a, b) = 4 * lj.epsilon / quantum;
    made.at_cutoff.at(a, b) =
        (-pair.energy_shift - (pair.force_shift ? lj.cutoff * pair.force_cut : 0)) / quantum;
    made.slope.at(a, b) = pair.force_cut * u / quantum;
    made.a.at(a, b) = 48 * lj.epsilon / quantum * u2;
    made.b.at(a, b) = -24 * lj.epsilon / quantum * u2;
    made.shift.at(a, b) = pair.force_cut * lj.sigma / quantum * u2;
    made.smallest2.at(a, b) = square(smallest.at(a, b) / u);
    most = std::min(most, square(lj.sigma / pair.energy_distance(most_energy_in_row * quantum)));
  });
  made.most = most;
  return made;
}

double unit_of_force(const Interactions& interactions) {
  const NearestRounding rounding;
  double most = 0;
  for_each_pair(interactions, [&](std::size_t, std::size_t, const Pair& pair) {
    most = std::max(most, pair.lj.epsilon / pair.lj.sigma);
  });
  return power_of_two_below(most);
}

}  // namespace

Resolution Resolution::of(Precision precision, const Box& box, double longest_cutoff) {
  Resolution made{};
  for (int axis = 0; axis < axes; ++axis) {
    int shift = 0;
    if (precision == Precision::single)
      while (shift < 32 && std::ldexp(box.edge(axis), shift - 33) < 2 * longest_cutoff) ++shift;
    made.shift[static_cast<std::size_t>(axis)] = shift;
    made.unit[static_cast<std::size_t>(axis)] = std::ldexp(box.edge(axis), shift - 64);
  }
  return made;
}

Model::Model(const Box& box, const Interactions& interactions, Precision chosen)
    : precision(chosen),
      resolution(Resolution::of(chosen, box, interactions.longest_cutoff())),
      variant{interactions.truncation() == Truncation::force_shift, interactions.types() > 1,
              resolution.unit[0] == resolution.unit[1] && resolution.unit[1] == resolution.unit[2]},
      force_quantum(std::ldexp(unit_of_force(interactions), -force_bits(chosen))),
      energy_quantum(std::ldexp(power_of_two_below(interactions.largest_epsilon()), -energy_bits)),
      smallest_(interactions.types()) {
  const NearestRounding rounding;
  interactions.check_fits(box);
  for_each_pair(interactions, [&](std::size_t a, std::size_t b, const Pair& pair) {
    smallest_.at(a, b) = std::max(pair.force_distance(most_force * force_quantum),
                                  pair.energy_distance(most_energy * energy_quantum));
  });
  if (precision == Precision::single)
    forces32 = force_constants<float>(interactions, resolution, force_quantum, smallest_);
  else
    forces64 = force_constants<double>(interactions, resolution, force_quantum, smallest_);
  energies = energy_constants(interactions, resolution, energy_quantum, smallest_);
}

double Model::smallest_distance(std::size_t a, std::size_t b) const { return smallest_.at(a, b); }

}  // namespace tutti::molecular

#include "tutti/molecular/energies.hpp"

#include <algorithm>
#include <cmath>

namespace tutti::molecular {

Energies energies(const Sums& sums, std::span<const Index> counts, const Box& box,
                  const Interactions& interactions, const SystemInput& input) {
  const Model model(box, interactions, input.precision);
  Sums at_rest = sums;
  at_rest.kinetic = {};
  const Observables found = observables(at_rest, box, *input.units, model);
  Energies made{found.potential_energy, 0, found.virial, found.pressure, 0, found.pressure_tensor};
  if (!input.has_tail()) return made;
  made.tail = interactions.tail_energy(counts, box.volume());
  made.tail_pressure = interactions.tail_pressure(counts, box.volume()) * input.units->pressure;
  made.pressure += made.tail_pressure;
  for (std::size_t axis = 0; axis < axes; ++axis) made.pressure_tensor[axis] += made.tail_pressure;
  return made;
}

double usual_time_step(const Interactions& interactions, const Units& units) {
  double shortest = HUGE_VAL;
  for (std::size_t a = 0; a < interactions.types(); ++a) {
    const double speed =
        std::sqrt(interactions.largest_epsilon() * units.force_to_kick / interactions.type(a).mass);
    for (std::size_t b = 0; b < interactions.types(); ++b)
      shortest = std::min(shortest, interactions.pair(a, b).sigma / speed);
  }
  return shortest / 200;
}

}  // namespace tutti::molecular

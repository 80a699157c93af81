#include "tutti/molecular/motion_constants.hpp"

#include <algorithm>
#include <cmath>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

MotionConstants::MotionConstants(const Box& box, const Interactions& interactions, const Units& units,
                                 const Model& model, double step)
    : time_step(step),
      force_to_kick(units.force_to_kick),
      momentum_quantum(0),
      longest_step(interactions.longest_cutoff() / 4) {
  const NearestRounding rounding;
  if (!std::isfinite(step) || !(step > 0))
    throw UsageError(text("the time step is ", step, "; give a time above 0"), {"time step", {}});
  momentum_quantum = model.force_quantum * (step / 2) * force_to_kick;
  for (std::size_t a = 0; a < axes; ++a) length[a] = std::ldexp(box.edge(static_cast<int>(a)), -64);
  for (std::size_t type = 0; type < interactions.types(); ++type) {
    mass.push_back(interactions.type(type).mass);
    displacement.push_back({});
    const double way = step * momentum_quantum / mass.back();  // of one quantum of momentum
    for (std::size_t a = 0; a < axes; ++a) displacement.back()[a] = way / length[a];
    // A momentum may have 60 bits: then two half kicks, of 60 bits each, still fit.
    const double usual = std::sqrt(interactions.largest_epsilon() * units.force_to_kick / mass.back());
    if (!(std::ldexp(way, 60) >= 16 * usual * step))
      throw UsageError(text("the time step is ", step, ": momenta of precision ", name(model.precision),
                            " cannot hold usual speeds; give a longer one, or a coarser precision"),
                       {"time step", {}});
    longest_step = std::min(longest_step, std::ldexp(way, 60));
  }
}

}  // namespace tutti::molecular

#include "tutti/simulation/displacements.hpp"

#include "tutti/comm/reductions.hpp"

namespace tutti::simulation {

using molecular::Images;
using molecular::Position;

Displacements::Displacements(Simulation& simulation)
    : start_(simulation.world(), simulation.particles(), "positions of the start") {
  const Atoms now = simulation.by_id();
  for (std::size_t i = 0; i < now.own(); ++i) {
    const Position& at = now.positions()[i];
    start_.local()[i] = {at.x, at.y, at.z, now.momenta()[i].images.word};
  }
}

double Displacements::mean_square(Simulation& simulation) {
  const Atoms now = simulation.by_id();
  const molecular::Box& box = simulation.setup().box;
  ExactAccumulator squares;
  for (std::size_t i = 0; i < now.own(); ++i) {
    const Start& start = start_.local()[i];
    const Position& at = now.positions()[i];
    const Images then{start[3]};
    const std::array<std::uint64_t, 3> fraction{at.x, at.y, at.z};
    for (int axis = 0; axis < molecular::axes; ++axis) {
      const auto a = static_cast<std::size_t>(axis);
      const Int128 images = now.momenta()[i].images[axis] - then[axis];
      const Int128 way = (images << 64U) + static_cast<Int128>(fraction[a]) - static_cast<Int128>(start[a]);
      const double length = static_cast<double>(way) * 0x1p-64 * box.edge(axis);
      squares.add(length * length);
    }
  }
  return sum(simulation.world(), squares) / static_cast<double>(simulation.particles());
}

}  // namespace tutti::simulation

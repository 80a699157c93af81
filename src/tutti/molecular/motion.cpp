#include "tutti/molecular/motion.hpp"

#include <cmath>

#include "tutti/core/text.hpp"
#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

namespace {

// Of the particle with the lowest id among those that go too far.
[[noreturn]] void report(const Atoms& atoms, const MotionConstants& constants) {
  Index id = largest_id + 1;
  double way = 0;
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    const Position& at = atoms.positions()[i];
    const Momentum& p = atoms.momenta()[i];
    const auto& displacement = constants.displacement[at.type()];
    const double x = displacement[0] * static_cast<double>(p.x) * constants.length[0];
    const double y = displacement[1] * static_cast<double>(p.y) * constants.length[1];
    const double z = displacement[2] * static_cast<double>(p.z) * constants.length[2];
    const double square = x * x + y * y + z * z;
    if (square > constants.longest_step * constants.longest_step && at.id() < id) {
      id = at.id();
      way = std::sqrt(square);
    }
  }
  throw SpeedError(id, way, constants.longest_step);
}

}  // namespace

SpeedError::SpeedError(Index id, double way, double longest)
    : FormatError(text("particle ", id, " goes ", way, " in one step, further than ", longest,
                       "; use a shorter time step, or start from particles that are further apart"),
                  {"speed", {id, 0}}) {}

double advance(Atoms& atoms, int half_kicks, const MotionConstants& constants, const Kernel& kernel) {
  const NearestRounding rounding;
  const double square = kernel.advance(atoms.own_positions().data(), atoms.momenta().data(),
                                       atoms.forces().data(), atoms.own(), half_kicks, constants);
  if (!(square <= constants.longest_step * constants.longest_step)) report(atoms, constants);
  return std::sqrt(square);
}

void half_kick(Atoms& atoms) {
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    Momentum& p = atoms.momenta()[i];
    const Force& force = atoms.forces()[i];
    p.x += force.x;
    p.y += force.y;
    p.z += force.z;
  }
}

void reverse(Atoms& atoms) {
  for (Momentum& p : atoms.momenta()) {
    p.x = -p.x;
    p.y = -p.y;
    p.z = -p.z;
  }
}

}  // namespace tutti::molecular

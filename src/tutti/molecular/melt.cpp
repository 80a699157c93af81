#include "tutti/molecular/melt.hpp"

#include <array>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/molecular/elementary.hpp"

namespace tutti::molecular {

namespace {

constexpr Index basis = 4;
// Of half edges of a unit cell.
constexpr std::array<std::array<Index, axes>, basis> places{{{0, 0, 0}, {1, 1, 0}, {0, 1, 1}, {1, 0, 1}}};

Index cube_number(Index n) { return basis * n * n * n; }

// half-edges of `n` unit cells as a fraction of the box, rounded down
std::uint64_t fraction(Index halves, Index n) {
  return static_cast<std::uint64_t>((static_cast<Uint128>(halves) << 63U) / static_cast<Uint128>(n));
}

}  // namespace

Index Melt::lattice() const {
  Index n = 1;
  while (n < 100000 && cube_number(n) < particles) ++n;
  if (cube_number(n) != particles) {
    const bool below = n > 1 && particles - cube_number(n - 1) < cube_number(n) - particles;
    throw UsageError(text("melt: ", particles,
                          " particles fill no face-centred cubic lattice; the nearest number that does is ",
                          cube_number(below ? n - 1 : n)),
                     {"melt", {}});
  }
  return n;
}

Box Melt::box() const {
  if (!(density > 1e-6 && density < 1e6))
    throw UsageError(text("melt: the density is ", density, "; give one above 0"), {"melt", {}});
  const double edge = cube_root(static_cast<double>(basis) / density) * static_cast<double>(lattice());
  return Box({edge, edge, edge});
}

Interactions Melt::interactions() const { return Interactions::of_one_type({1, 1, cutoff}, truncation); }

Position Melt::start(Index id) const {
  const Index n = lattice();
  const Index cell = id / basis;
  const auto& place = places[static_cast<std::size_t>(id % basis)];
  return {fraction(2 * (cell / (n * n)) + place[0], n), fraction(2 * (cell / n % n) + place[1], n),
          fraction(2 * (cell % n) + place[2], n), Position::make_label(id, 0)};
}

void Melt::place(Atoms& atoms, Index first) const {
  Index id = first;
  for (Position& at : atoms.own_positions()) at = start(id++);
  for (Momentum& momentum : atoms.momenta()) momentum = {};
}

}  // namespace tutti::molecular

// Particle systems for tests, and their forces and energies computed by any division, kernel and skin.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "tutti/core/random.hpp"
#include "tutti/molecular/cells.hpp"
#include "tutti/molecular/forces.hpp"
#include "tutti/molecular/observables.hpp"
#include "tutti/molecular/rows.hpp"

namespace tutti::molecular {

/// A box, what acts in it, and particles with ids 0, 1, 2 ...
struct System {
  Box box;
  Interactions interactions;
  std::vector<Position> particles;
  double width = 0;  ///< of its cells at least; 0: the cutoff and a skin

  double reach(double skin) const { return interactions.longest_cutoff() + skin; }
};

inline Position at(const Box& box, double x, double y, double z, Index id, std::size_t type = 0) {
  return {box.place(x, 0).fraction, box.place(y, 1).fraction, box.place(z, 2).fraction,
          Position::make_label(id, type)};
}

/// Real coordinates of a particle.
inline std::array<double, axes> coordinates(const Box& box, const Position& p) {
  return {box.coordinate(p.x, 0), box.coordinate(p.y, 1), box.coordinate(p.z, 2)};
}

/// Particles on a jittered lattice of nx * ny * nz places: dense, but nowhere nearer than spacing - 2 jitter.
inline System lattice_system(std::array<int, axes> places, double spacing, double jitter,
                             const Interactions& interactions, std::uint64_t seed = 1) {
  System made{Box({places[0] * spacing, places[1] * spacing, places[2] * spacing}), interactions, {}};
  const Random random(seed);
  Index id = 0;
  for (int i = 0; i < places[0]; ++i)
    for (int j = 0; j < places[1]; ++j)
      for (int k = 0; k < places[2]; ++k, ++id) {
        const auto shift = [&](std::uint64_t axis) { return jitter * (2 * random.uniform(id, axis) - 1); };
        made.particles.push_back(at(made.box, i * spacing + shift(0), j * spacing + shift(1),
                                    k * spacing + shift(2), id, random.bits(id, 9) % interactions.types()));
      }
  return made;
}

/// A liquid of one type, in a cubic box.
inline System liquid(int edge = 8, Truncation truncation = Truncation::plain, double cutoff = 2.5) {
  return lattice_system({edge, edge, edge}, 1.06, 0.11,
                        Interactions::of_one_type({1, 1, cutoff}, truncation));
}

/// Three types of different sizes, in a box of different edges.
inline System mixture(Truncation truncation = Truncation::plain) {
  Interactions interactions({{"A", 1}, {"B", 2}, {"C", 0.5}}, truncation);
  const std::array<LennardJones, 3> like{{{1, 1, 2.5}, {1.5, 0.9, 2.2}, {0.5, 1.05, 2.6}}};
  interactions.mix(like);
  interactions.set(0, 2, {0.7, 0.98, 2});
  return lattice_system({8, 10, 7}, 1.1, 0.1, interactions);
}

/// What a division computes.
struct Computed {
  std::map<Index, std::array<std::int64_t, axes>> forces;  // by id
  Sums sums;

  friend bool operator==(const Computed&, const Computed&) = default;
};

/// How to compute; none of it may show in the result.
struct How {
  Precision precision = Precision::full;
  const Kernel* kernel = &molecular::kernels().back();
  double skin = 0.3;
  std::array<CellIndex, axes> bricks{1, 1, 1};  // processes along each axis, played one after the other
};

/// The cells that a process stores but does not own.
inline bool is_halo(const Cells& cells, const Position& p) {
  std::array<CellIndex, axes> place{};
  const std::array<std::uint64_t, axes> fraction{p.x, p.y, p.z};
  for (std::size_t a = 0; a < place.size(); ++a) {
    const StoredAxis& axis = cells.axis(static_cast<int>(a));
    place[a] = axis.stored_index(cells.grid().cell(fraction[a], static_cast<int>(a)));
    if (place[a] >= axis.stored) return false;
  }
  return !cells.is_own(place[0], place[1], place[2]);
}
inline bool is_own(const Brick& brick, const Grid& grid, const Position& p) {
  const std::array<std::uint64_t, axes> fraction{p.x, p.y, p.z};
  for (std::size_t a = 0; a < fraction.size(); ++a) {
    const CellIndex cell = grid.cell(fraction[a], static_cast<int>(a));
    if (cell < brick.first[a] || cell >= brick.first[a] + brick.size[a]) return false;
  }
  return true;
}

/// The halo in the order of its cells.
inline void sort_halo(Cells& cells, Atoms& atoms) {
  const std::span<Position> halo = atoms.positions().subspan(atoms.own());
  const auto cell = [&](const Position& p) {
    return cells.number(cells.axis(0).stored_index(cells.grid().cell(p.x, 0)),
                        cells.axis(1).stored_index(cells.grid().cell(p.y, 1)),
                        cells.axis(2).stored_index(cells.grid().cell(p.z, 2)));
  };
  std::stable_sort(halo.begin(), halo.end(),
                   [&](const Position& a, const Position& b) { return cell(a) < cell(b); });
  for (std::size_t i = 0; i < halo.size();) {
    std::size_t end = i + 1;
    while (end < halo.size() && cell(halo[end]) == cell(halo[i])) ++end;
    cells.set_range(cell(halo[i]),
                    {static_cast<std::uint32_t>(atoms.own() + i), static_cast<std::uint32_t>(end - i)});
    i = end;
  }
}

/// The part of one process, added to `result`.
inline void compute_brick(const System& system, const How& how, const Grid& grid, const Brick& brick,
                          Computed& result) {
  memory::Ledger ledger;
  Cells cells(grid, brick, ledger);
  std::vector<Position> own, halo;
  for (const Position& p : system.particles) {
    if (is_own(brick, grid, p))
      own.push_back(p);
    else if (is_halo(cells, p))
      halo.push_back(p);
  }
  Atoms atoms(own.size(), halo.size(), ledger);
  atoms.set_halo(halo.size());
  std::copy(own.begin(), own.end(), atoms.positions().begin());
  std::copy(halo.begin(), halo.end(), atoms.positions().begin() + static_cast<std::ptrdiff_t>(own.size()));
  cells.sort_own(atoms);
  sort_halo(cells, atoms);
  Rows rows(ledger);
  rows.build(system.box, atoms.view(), cells, Tiles(cells), system.reach(how.skin), *how.kernel);
  const Model model(system.box, system.interactions, how.precision);
  PairWork work(model, *how.kernel, ledger);
  work.forces(atoms, rows);
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    const Force& force = atoms.forces()[i];
    result.forces[atoms.positions()[i].id()] = {force.x, force.y, force.z};
  }
  Sums sums;
  sums.pairs = work.energies(atoms.view(), rows);
  sums.particles = static_cast<Index>(atoms.own());
  result.sums += sums;
}

inline Computed compute(const System& system, const How& how = {}) {
  const Grid grid = Grid::for_reach(system.box, std::max(system.width, system.reach(how.skin)),
                                    static_cast<Index>(system.particles.size()));
  Computed result;
  std::array<CellIndex, axes> k{};
  for (k[2] = 0; k[2] < how.bricks[2]; ++k[2])
    for (k[1] = 0; k[1] < how.bricks[1]; ++k[1])
      for (k[0] = 0; k[0] < how.bricks[0]; ++k[0]) {
        Brick brick{};
        for (std::size_t a = 0; a < k.size(); ++a) {
          brick.first[a] = grid.cells[a] * k[a] / how.bricks[a];
          brick.size[a] = grid.cells[a] * (k[a] + 1) / how.bricks[a] - brick.first[a];
        }
        compute_brick(system, how, grid, brick, result);
      }
  return result;
}

}  // namespace tutti::molecular

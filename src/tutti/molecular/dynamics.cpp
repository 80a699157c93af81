#include "tutti/molecular/dynamics.hpp"

#include <algorithm>
#include <cmath>

#include "tutti/molecular/motion.hpp"
#include "tutti/molecular/state_hash.hpp"
#include "tutti/molecular/velocities.hpp"

namespace tutti::molecular {

namespace {

constexpr double usual_skin = 0.12;    // cutoffs: 0.3 of 2.5 sigma
constexpr double shorter_skin = 0.11;  // where one more cell of an axis comes of it

double usual_reach(const Box& box, double cutoff) {
  double reach = (1 + usual_skin) * cutoff;
  for (const double edge : box.edges()) {
    const double narrower = edge / (std::floor(edge / reach) + 1);
    if (narrower >= (1 + shorter_skin) * cutoff) reach = std::min(reach, narrower);
  }
  return reach;
}

Cells all_cells(const DynamicsSetup& setup, const Atoms& atoms, memory::Ledger& ledger) {
  const Grid grid = Grid::for_reach(setup.box, setup.reach(), static_cast<Index>(atoms.own()));
  return Cells(grid, {{0, 0, 0}, grid.cells}, ledger);
}

}  // namespace

double DynamicsSetup::reach() const {
  const double cutoff = interactions.longest_cutoff();
  const double used = skin == 0 ? usual_reach(box, cutoff) - cutoff : skin;
  if (!(used > 0 && used <= cutoff / 3))
    throw UsageError(text("the skin is ", skin, "; give a length up to a third of the cutoff, ", cutoff / 3,
                          ", or 0 for the usual one"),
                     {"skin", {}});
  return cutoff + used;
}

Dynamics::Dynamics(const DynamicsSetup& setup, Atoms atoms, memory::Ledger& ledger, const Kernel& kernel)
    : setup_(setup),
      model_(setup.box, setup.interactions, setup.precision),
      motion_(setup.box, setup.interactions, *setup.units, model_, setup.time_step),
      atoms_(std::move(atoms)),
      kernel_(&kernel),
      cells_(all_cells(setup, atoms_, ledger)),
      rows_(ledger),
      work_(model_, kernel, ledger) {
  rebuild();
  compute_forces();
}

void Dynamics::rebuild() {
  cells_.sort_own(atoms_);
  rows_.build(setup_.box, atoms_.view(), cells_, Tiles(cells_), setup_.reach(), *kernel_);
  travelled_ = 0;
  ++rebuilds_;
}

void Dynamics::compute_forces() { work_.forces(atoms_, rows_); }

void Dynamics::run(Index steps) {
  for (Index step = 0; step < steps; ++step) {
    travelled_ += molecular::advance(atoms_, step == 0 ? 1 : 2, motion_, *kernel_);
    if (2 * travelled_ > setup_.longest_travel()) rebuild();
    compute_forces();
    ++steps_;
  }
  if (steps > 0) half_kick(atoms_);
}

void Dynamics::set_velocities(std::uint64_t seed, double temperature) {
  molecular::set_velocities(atoms_, seed, temperature, *setup_.units, motion_);
}

void Dynamics::reverse() { molecular::reverse(atoms_); }

Sums Dynamics::sums() {
  Sums sums;
  sums.pairs = work_.energies(atoms_.view(), rows_);
  add_motion(sums, atoms_, motion_, model_);
  return sums;
}

Observables Dynamics::observables() {
  return molecular::observables(sums(), setup_.box, *setup_.units, model_);
}

std::uint64_t Dynamics::hash() const { return state_hash(atoms_); }

}  // namespace tutti::molecular

#include "tutti/molecular/dynamics.hpp"

#include "tutti/molecular/motion.hpp"
#include "tutti/molecular/state_hash.hpp"
#include "tutti/molecular/velocities.hpp"

namespace tutti::molecular {

namespace {

constexpr double usual_skin = 0.12;  // cutoffs: 0.3 of 2.5 sigma

double checked_skin(const DynamicsSetup& setup) {
  const double cutoff = setup.interactions.longest_cutoff();
  const double skin = setup.skin == 0 ? usual_skin * cutoff : setup.skin;
  if (!(skin > 0 && skin <= cutoff / 3))
    throw UsageError(text("the skin is ", setup.skin, "; give a length up to a third of the cutoff, ",
                          cutoff / 3, ", or 0 for the usual one"),
                     {"skin", {}});
  return skin;
}

double reach_of(const DynamicsSetup& setup) {
  return setup.interactions.longest_cutoff() + checked_skin(setup);
}

Cells all_cells(const DynamicsSetup& setup, const Atoms& atoms, memory::Ledger& ledger) {
  const Grid grid = Grid::for_reach(setup.box, reach_of(setup), static_cast<Index>(atoms.own()));
  return Cells(grid, {{0, 0, 0}, grid.cells}, ledger);
}

}  // namespace

Dynamics::Dynamics(const DynamicsSetup& setup, Atoms atoms, memory::Ledger& ledger, const Kernel& kernel)
    : setup_(setup),
      model_(setup.box, setup.interactions, setup.precision),
      motion_(setup.box, setup.interactions, *setup.units, model_, setup.time_step),
      atoms_(std::move(atoms)),
      kernel_(&kernel),
      cells_(all_cells(setup, atoms_, ledger)),
      rows_(ledger),
      work_(model_, kernel, ledger),
      reach_(reach_of(setup)) {
  rebuild();
  compute_forces();
}

void Dynamics::rebuild() {
  cells_.sort_own(atoms_);
  rows_.build(setup_.box, atoms_.view(), cells_, Tiles(cells_), reach_, *kernel_);
  travelled_ = 0;
  ++rebuilds_;
}

void Dynamics::compute_forces() { work_.forces(atoms_, rows_); }

void Dynamics::run(Index steps) {
  for (Index step = 0; step < steps; ++step) {
    travelled_ += molecular::advance(atoms_, step == 0 ? 1 : 2, motion_, *kernel_);
    if (2 * travelled_ > 0.999 * (reach_ - setup_.interactions.longest_cutoff())) rebuild();
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

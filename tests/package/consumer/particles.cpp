// A program of a user: 100 steps of the Lennard-Jones melt.
#include <cstdio>

#include <tutti/molecular/molecular.hpp>

int main() {
  tutti::molecular::Melt melt;
  melt.particles = 500;
  tutti::memory::Ledger ledger;
  tutti::molecular::Atoms atoms(500, 0, ledger);
  melt.place(atoms);
  tutti::molecular::Dynamics dynamics({melt.box(), melt.interactions()}, std::move(atoms), ledger);
  dynamics.set_velocities(melt.seed, melt.temperature);
  dynamics.run(100);
  std::printf("state %016llx\n", static_cast<unsigned long long>(dynamics.hash()));
}

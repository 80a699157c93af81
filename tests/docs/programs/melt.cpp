// docs/molecular.md: a melt that goes forward, and back the way it came.
#include <cstdio>

#include <tutti/molecular/molecular.hpp>

int main() {
  using namespace tutti::molecular;
  Melt melt;
  melt.particles = 4000;
  tutti::memory::Ledger ledger;
  Atoms atoms(4000, 0, ledger);
  melt.place(atoms);
  Dynamics dynamics({melt.box(), melt.interactions(), Precision::full, melt.time_step}, std::move(atoms),
                    ledger);
  dynamics.set_velocities(melt.seed, melt.temperature);
  const auto show = [&] {
    const Observables now = dynamics.observables();
    std::printf("T = %.6f, E = %.9f, state %016llx\n", now.temperature, now.total_energy() / 4000,
                static_cast<unsigned long long>(dynamics.hash()));
  };
  show();
  dynamics.run(200);
  show();
  dynamics.reverse();
  dynamics.run(200);
  dynamics.reverse();
  show();
}

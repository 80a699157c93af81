// The Lennard-Jones melt: how fast, how exact, how steady, how large. One JSON object a line.
//   bench_melt time PARTICLES PRECISION STEPS
//   bench_melt accuracy PARTICLES STEPS         forces of each precision against the reference, after STEPS
//   bench_melt drift PARTICLES PRECISION STEPS EVERY DT
//   bench_melt memory PARTICLES PRECISION STEPS
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <tutti/memory/system_memory.hpp>
#include <tutti/molecular/molecular.hpp>

namespace {

using namespace tutti::molecular;
using tutti::Index;

struct Run {
  tutti::memory::Ledger ledger;
  std::unique_ptr<Dynamics> dynamics;
};

std::unique_ptr<Run> melt_run(const Melt& melt, Precision precision) {
  auto run = std::make_unique<Run>();
  Atoms atoms(static_cast<std::size_t>(melt.particles), 0, run->ledger);
  melt.place(atoms);
  const DynamicsSetup setup{melt.box(), melt.interactions(), precision, melt.time_step};
  run->dynamics = std::make_unique<Dynamics>(setup, std::move(atoms), run->ledger);
  run->dynamics->set_velocities(melt.seed, melt.temperature);
  return run;
}

void time(const Melt& melt, Precision precision, Index steps) {
  const auto run = melt_run(melt, precision);
  const auto start = std::chrono::steady_clock::now();
  run->dynamics->run(steps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf(
      "{\"particles\": %lld, \"precision\": \"%s\", \"steps\": %lld, \"seconds\": %.9g, \"hash\": "
      "\"%016llx\", "
      "\"rebuilds\": %lld, \"entries\": %.4g}\n",
      static_cast<long long>(melt.particles), name(precision), static_cast<long long>(steps), seconds.count(),
      static_cast<unsigned long long>(run->dynamics->hash()),
      static_cast<long long>(run->dynamics->rebuilds()),
      static_cast<double>(run->dynamics->rows().entries()) / static_cast<double>(melt.particles));
}

// Forces on particles by id, in epsilon / sigma, of given positions.
std::vector<double> forces_of(const Melt& melt, Precision precision, std::span<const Position> positions) {
  tutti::memory::Ledger ledger;
  Atoms atoms(positions.size(), 0, ledger);
  std::copy(positions.begin(), positions.end(), atoms.positions().begin());
  const Dynamics dynamics({melt.box(), melt.interactions(), precision, melt.time_step}, std::move(atoms),
                          ledger);
  std::vector<double> forces(3 * positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const auto id = static_cast<std::size_t>(dynamics.atoms().positions()[i].id());
    const Force& force = dynamics.atoms().forces()[i];
    forces[3 * id] = static_cast<double>(force.x) * dynamics.model().force_quantum;
    forces[3 * id + 1] = static_cast<double>(force.y) * dynamics.model().force_quantum;
    forces[3 * id + 2] = static_cast<double>(force.z) * dynamics.model().force_quantum;
  }
  return forces;
}

void accuracy(const Melt& melt, Index steps) {
  const auto run = melt_run(melt, Precision::full);
  run->dynamics->run(steps);
  const std::span<const Position> positions = run->dynamics->atoms().own_positions();
  const std::vector<double> truth = forces_of(melt, Precision::reference, positions);
  for (const Precision precision : {Precision::single, Precision::full}) {
    const std::vector<double> forces = forces_of(melt, precision, positions);
    double errors = 0;
    double squares = 0;
    for (std::size_t k = 0; k < truth.size(); ++k) {
      errors += (forces[k] - truth[k]) * (forces[k] - truth[k]);
      squares += truth[k] * truth[k];
    }
    std::printf(
        "{\"particles\": %lld, \"precision\": \"%s\", \"rms_force\": %.6g, \"relative_rms_error\": %.6g}\n",
        static_cast<long long>(melt.particles), name(precision),
        std::sqrt(squares / static_cast<double>(positions.size())), std::sqrt(errors / squares));
  }
}

void drift(Melt melt, Precision precision, Index steps, Index every) {
  const auto run = melt_run(melt, precision);
  std::printf("{\"precision\": \"%s\", \"energies\": [", name(precision));
  for (Index step = 0; step <= steps; step += every) {
    if (step > 0) run->dynamics->run(every);
    std::printf("%s%.12f", step > 0 ? ", " : "",
                run->dynamics->observables().total_energy() / static_cast<double>(melt.particles));
  }
  std::printf("]}\n");
}

void memory(const Melt& melt, Precision precision, Index steps) {
  const tutti::memory::ProcessMemory before = tutti::memory::process_memory().value();
  const auto run = melt_run(melt, precision);
  run->dynamics->run(steps);
  const tutti::memory::ProcessMemory after = tutti::memory::process_memory().value();
  const auto particles = static_cast<double>(melt.particles);
  const auto more = [&](std::uint64_t now, std::uint64_t then) {
    return (static_cast<double>(now) - static_cast<double>(then)) / particles;
  };
  std::printf(
      "{\"particles\": %lld, \"precision\": \"%s\", \"bytes\": %.1f, \"peak_bytes\": %.1f, \"booked_bytes\": "
      "%.1f}\n",
      static_cast<long long>(melt.particles), name(precision), more(after.pss.value(), before.pss.value()),
      more(after.peak_rss, before.peak_rss), static_cast<double>(run->ledger.at_peak().total()) / particles);
}

int run(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  Melt melt;
  if (argc > 2) melt.particles = std::atoll(argv[2]);
  if (what == "time" && argc == 5)
    time(melt, precision_named(argv[3]), std::atoll(argv[4]));
  else if (what == "accuracy" && argc == 4)
    accuracy(melt, std::atoll(argv[3]));
  else if (what == "drift" && argc == 7) {
    melt.truncation = Truncation::force_shift;
    melt.time_step = std::atof(argv[6]);
    drift(melt, precision_named(argv[3]), std::atoll(argv[4]), std::atoll(argv[5]));
  } else if (what == "memory" && argc == 5)
    memory(melt, precision_named(argv[3]), std::atoll(argv[4]));
  else
    throw tutti::UsageError("see the first lines of bench/molecular/melt.cpp");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const tutti::Error& error) {
    std::fprintf(stderr, "bench_melt: %s\n", error.what());
    return error.exit_code();
  }
}

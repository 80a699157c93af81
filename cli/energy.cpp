#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "tutti/core/text.hpp"
#include "tutti/formats/trajectory_writer.hpp"
#include "tutti/io/npy_header.hpp"
#include "tutti/simulation/particles_by_id.hpp"

#include "cli/commands.hpp"
#include "cli/energy_report.hpp"
#include "cli/system_options.hpp"

namespace tutti::cli {

namespace {

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// Forces in a file that appears when it is complete, as NumPy writes an array of n x 3 numbers.
class NpyForces {
 public:
  NpyForces(const std::string& path, Index particles) : file_(path) {
    const std::string head =
        io::format_npy_header({parse_data_type("<f8"), false, {particles, molecular::axes}, 0});
    write(std::as_bytes(std::span(head)));
  }
  void add(std::span<const formats::Particle> particles) {
    std::vector<formats::Vector> forces;
    for (const formats::Particle& particle : particles) forces.push_back(particle.force);
    write(std::as_bytes(std::span(forces)));
  }
  void commit() { file_.commit(); }

 private:
  void write(std::span<const std::byte> bytes) {
    file_.write_at(offset_, bytes);
    offset_ += static_cast<Index>(bytes.size());
  }

  AtomicFile file_;
  Index offset_ = 0;
};

void write_npy(const std::string& path, simulation::Simulation& simulation) {
  const World& world = simulation.world();
  const std::string what = "write " + path;
  std::optional<NpyForces> file;
  world.together(what, [&] {
    if (world.rank() == 0) file.emplace(path, simulation.particles());
  });
  simulation::visit_by_id(simulation, what, [&](auto particles) { file->add(particles); });
  world.together(what, [&] {
    if (file) file->commit();
  });
}

void write_xyz(const std::string& path, const std::vector<std::string>& types,
               simulation::Simulation& simulation) {
  const World& world = simulation.world();
  const std::string what = "write " + path;
  std::unique_ptr<formats::TrajectoryWriter> writer;
  world.together(what, [&] {
    if (world.rank() != 0) return;
    formats::TrajectoryOptions options;
    options.types = types;
    options.forces = true;
    writer = formats::create_trajectory(path, options);
    writer->begin({0, 0, simulation.setup().box.edges(), simulation.particles()});
  });
  simulation::visit_by_id(simulation, what, [&](auto particles) { writer->write(particles); });
  world.together(what, [&] {
    if (!writer) return;
    writer->end();
    writer->synchronize();
  });
}

void check_forces(const EnergyCommand& command) {
  if (command.forces && !command.forces->ends_with(".npy") && !command.forces->ends_with(".xyz"))
    throw UsageError(text("--forces ", printable(*command.forces), ": let the name end with .npy or .xyz"),
                     {"--forces", {}});
}

}  // namespace

void energy(const World& world, const EnergyCommand& command) {
  check_forces(command);
  Result output(world, command.common);
  Stopwatch watch;
  Seconds seconds;
  molecular::SystemInput input;
  std::optional<molecular::Configuration> system;
  world.together("read " + command.file, [&] {
    input = system_of(command.system);
    system.emplace(molecular::read_configuration(command.file, read_options_of(command.reading), input,
                                                 {world.rank(), world.size()}, world.ledger()));
  });
  seconds.read = watch.lap();
  const double step = molecular::usual_time_step(system->interactions, *input.units);
  simulation::Simulation simulation(world,
                                    {system->box, system->interactions, input.precision, step, input.units},
                                    std::move(system->atoms));
  const molecular::Energies energies =
      molecular::energies(simulation.sums(), system->counts, system->box, system->interactions, input);
  if (command.forces && command.forces->ends_with(".npy")) write_npy(*command.forces, simulation);
  if (command.forces && command.forces->ends_with(".xyz"))
    write_xyz(*command.forces, system->types, simulation);
  seconds.compute = watch.lap();
  const Memory memory = memory_of(world);
  const EnergyReport report{input, *system, energies, seconds};
  output.print(command.common.json ? energy_json(world, report, memory) : energy_text(report));
  summarize(world, command.common, report, memory);
}

}  // namespace tutti::cli

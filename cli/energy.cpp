#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "tutti/core/text.hpp"
#include "tutti/formats/trajectory_writer.hpp"
#include "tutti/io/npy_header.hpp"
#include "tutti/molecular/dynamics.hpp"

#include "cli/commands.hpp"
#include "cli/energy_report.hpp"
#include "cli/system_options.hpp"

namespace tutti::cli {

namespace {

using molecular::Configuration;

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// Particles with their forces, as files have them, by id.
std::vector<formats::Particle> by_id(const molecular::Dynamics& dynamics, Index particles) {
  const molecular::Box& box = dynamics.setup().box;
  const molecular::Atoms& atoms = dynamics.atoms();
  std::vector<formats::Particle> sorted(static_cast<std::size_t>(particles));
  const double quantum = dynamics.model().force_quantum;
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    const molecular::Position& at = atoms.positions()[i];
    const molecular::Force& force = atoms.forces()[i];
    formats::Particle& particle = sorted[static_cast<std::size_t>(at.id() - 1)];
    particle.id = at.id();
    particle.type = at.type();
    particle.position = {box.coordinate(at.x, 0), box.coordinate(at.y, 1), box.coordinate(at.z, 2)};
    particle.force = {static_cast<double>(force.x) * quantum, static_cast<double>(force.y) * quantum,
                      static_cast<double>(force.z) * quantum};
  }
  return sorted;
}

void write_npy(const std::string& path, const std::vector<formats::Particle>& particles) {
  AtomicFile file(path);
  const std::string head = io::format_npy_header(
      {parse_data_type("<f8"), false, {static_cast<Index>(particles.size()), molecular::axes}, 0});
  file.write_at(0, std::as_bytes(std::span(head)));
  std::vector<formats::Vector> block;
  auto offset = static_cast<Index>(head.size());
  constexpr std::size_t most = 4096;
  for (std::size_t begin = 0; begin < particles.size(); begin += most) {
    block.clear();
    for (std::size_t i = begin; i < std::min(begin + most, particles.size()); ++i)
      block.push_back(particles[i].force);
    const auto bytes = std::as_bytes(std::span(block));
    file.write_at(offset, bytes);
    offset += static_cast<Index>(bytes.size());
  }
  file.commit();
}

void write_forces(const std::string& path, const Configuration& system, const molecular::Dynamics& dynamics) {
  const auto particles = by_id(dynamics, system.particles);
  if (path.ends_with(".npy")) return write_npy(path, particles);
  formats::TrajectoryOptions options;
  options.types = system.types;
  options.forces = true;
  const auto writer = formats::create_trajectory(path, options);
  writer->begin({0, 0, system.box.edges(), system.particles});
  writer->write(particles);
  writer->end();
  writer->synchronize();
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
  std::optional<Configuration> system;
  world.together("read " + command.file, [&] {
    input = system_of(command.system);
    system.emplace(molecular::read_configuration(command.file, read_options_of(command.reading), input, {},
                                                 world.ledger()));
  });
  seconds.read = watch.lap();
  molecular::Energies energies{};
  world.together("compute energies", [&] {
    const double step = molecular::usual_time_step(system->interactions, *input.units);
    molecular::Dynamics dynamics({system->box, system->interactions, input.precision, step, input.units},
                                 std::move(system->atoms), world.ledger());
    energies = molecular::energies(dynamics.sums(), system->counts, system->box, system->interactions, input);
    if (command.forces && world.rank() == 0) write_forces(*command.forces, *system, dynamics);
  });
  seconds.compute = watch.lap();
  const Memory memory = memory_of(world);
  const EnergyReport report{input, *system, energies, seconds};
  output.print(command.common.json ? energy_json(world, report, memory) : energy_text(report));
  summarize(world, command.common, report, memory);
}

}  // namespace tutti::cli

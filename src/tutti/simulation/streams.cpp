#include "tutti/simulation/streams.hpp"

#include "tutti/comm/collectives.hpp"
#include "tutti/simulation/particles_by_id.hpp"

namespace tutti::simulation {

namespace {

constexpr double akma_time = 48.88821;  // fs; DCD's unit

std::vector<std::string> columns(const StreamOptions& options) {
  std::vector<std::string> names{"step",
                                 "time",
                                 "temperature",
                                 "potential_energy",
                                 "kinetic_energy",
                                 "total_energy",
                                 "pressure",
                                 "pxx",
                                 "pyy",
                                 "pzz",
                                 "pxy",
                                 "pxz",
                                 "pyz"};
  if (options.displacements) names.emplace_back("mean_square_displacement");
  names.emplace_back("state");
  return names;
}

formats::TrajectoryOptions trajectory_options(const Simulation& simulation, const StreamOptions& options) {
  formats::TrajectoryOptions made;
  made.kind = formats::trajectory_kind(*options.trajectory);
  const molecular::Interactions& interactions = simulation.setup().interactions;
  for (std::size_t type = 0; type < interactions.types(); ++type)
    made.types.push_back(interactions.type(type).name);
  made.velocities = made.kind != formats::TrajectoryKind::dcd;
  made.images = made.kind == formats::TrajectoryKind::lammps_dump;
  made.steps_between_frames = options.trajectory_every;
  const bool real = std::string_view(simulation.setup().units->time) == "fs";
  made.dcd_time_step = simulation.setup().time_step / (real ? akma_time : 1);
  return made;
}

}  // namespace

std::string hash_text(std::uint64_t hash) {
  std::string digits(16, '0');
  for (std::size_t k = digits.size(); k-- > 0; hash >>= 4U) digits[k] = "0123456789abcdef"[hash & 15U];
  return digits;
}

Streams::Streams(Simulation& simulation, const StreamOptions& options, const Notes* notes)
    : simulation_(&simulation), options_(options) {
  world().together("open the files of the run", [&] {
    if (world().rank() != 0) return;
    if (options.table) {
      if (notes != nullptr && notes->contains("table bytes"))
        table_.emplace(
            formats::TableWriter::resume(*options.table, columns(options), notes->get<Index>("table bytes")));
      else
        table_.emplace(formats::TableWriter::create(*options.table, columns(options)));
    }
    if (!options.trajectory) return;
    const formats::TrajectoryOptions how = trajectory_options(simulation, options);
    if (notes != nullptr && notes->contains("trajectory bytes"))
      trajectory_ = formats::resume_trajectory(
          *options.trajectory, how,
          {notes->get<Index>("trajectory bytes"), notes->get<Index>("trajectory frames")});
    else
      trajectory_ = formats::create_trajectory(*options.trajectory, how);
  });
}

void Streams::write(const Row& row) {
  if (!options_.table) return;
  world().together("write the table of the run", [&] {
    if (!table_) return;
    const molecular::Observables& seen = row.seen;
    std::vector<formats::Cell> cells{row.step,
                                     row.time,
                                     seen.temperature,
                                     seen.potential_energy,
                                     seen.kinetic_energy,
                                     seen.total_energy(),
                                     seen.pressure};
    for (const double each : seen.pressure_tensor) cells.emplace_back(each);
    if (options_.displacements) cells.emplace_back(row.mean_square_displacement.value_or(0));
    cells.emplace_back(hash_text(row.hash));
    table_->row(cells);
  });
}

void Streams::write_frame(Simulation& simulation) {
  if (!options_.trajectory) return;
  const std::string what = "write " + *options_.trajectory;
  world().together(what, [&] {
    if (trajectory_)
      trajectory_->begin({simulation.steps(),
                          static_cast<double>(simulation.steps()) * simulation.setup().time_step,
                          simulation.setup().box.edges(), simulation.particles()});
  });
  visit_by_id(simulation, what,
              [&](std::span<const formats::Particle> particles) { trajectory_->write(particles); });
  world().together(what, [&] {
    if (trajectory_) trajectory_->end();
  });
}

void Streams::mark(Notes& notes) {
  std::array<Index, 3> marks = world().together("force the files of the run to the medium", [&] {
    std::array<Index, 3> made{};
    if (table_) {
      table_->synchronize();
      made[0] = table_->mark();
    }
    if (trajectory_) {
      trajectory_->synchronize();
      made[1] = trajectory_->mark().bytes;
      made[2] = trajectory_->mark().frames;
    }
    return made;
  });
  broadcast(world(), marks, 0);
  if (options_.table) notes["table bytes"] = marks[0];
  if (!options_.trajectory) return;
  notes["trajectory bytes"] = marks[1];
  notes["trajectory frames"] = marks[2];
}

}  // namespace tutti::simulation

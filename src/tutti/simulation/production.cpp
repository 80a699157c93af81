#include "tutti/simulation/production.hpp"

#include <algorithm>

#include "tutti/comm/reductions.hpp"
#include "tutti/core/text.hpp"
#include "tutti/molecular/pair_counts.hpp"

namespace tutti::simulation {

namespace {

bool is_due(Index step, Index every) { return every > 0 && step % every == 0; }

}  // namespace

Production::Production(const World& world, const System& system, const ProductionOptions& options,
                       Placement placement)
    : world_(world),
      options_(options),
      tail_energy_(system.tail_energy),
      tail_pressure_(system.tail_pressure) {
  check(options);
  if (options.pair_distribution) pairs_.resize(static_cast<std::size_t>(options.bins));
  if (options.checkpoints) checkpoints_.emplace(world_, *options.checkpoints);
  if (options.restart)
    go_on(system, placement);
  else
    begin(system, placement);
  streams_.emplace(*simulation_, options.files, notes_ ? &*notes_ : nullptr);
}

Production::~Production() = default;

void Production::check(const ProductionOptions& options) const {
  const auto need = [](bool fine, const char* name, Index value, const char* remedy) {
    if (!fine) throw UsageError(text(name, " ", value, ": ", remedy), {name, {value, 0}});
  };
  need(options.steps >= 0, "steps", options.steps, "give a number of at least 0");
  need(options.every >= 1, "every", options.every, "give a number of steps, at least 1");
  need(options.files.trajectory_every >= 1, "trajectory-every", options.files.trajectory_every,
       "give a number of steps, at least 1");
  need(options.checkpoint_every >= 0, "checkpoint-every", options.checkpoint_every,
       "give a number of steps, or 0: at the end only");
  need(options.bins >= 1 && options.bins <= 1000000, "bins", options.bins, "give a number from 1 to 1000000");
  if (options.restart && !options.checkpoints)
    throw UsageError("restart: from which checkpoints? give their folder", {"restart", {}});
}

void Production::begin(const System& system, Placement placement) {
  simulation_ = std::make_unique<Simulation>(world_, system.setup, system.particles(world_), placement);
  if (system.temperature) simulation_->set_velocities(system.seed, *system.temperature);
  if (options_.files.displacements) displacements_ = std::make_unique<Displacements>(*simulation_);
}

struct Production::Continued {
  Saved saved;
  std::optional<DistVector<Displacements::Start>> start;
};

// Each rank goes on with its block of what was counted.
void Production::read_pairs(const Checkpoint& checkpoint, const Notes& notes) {
  if (!notes.contains("pair frames"))
    throw UsageError(text(checkpoint.path(), ": its run did not count pairs; continue without that"));
  const auto pairs = checkpoint.read<Index>("pairs");
  if (pairs.size() != options_.bins)
    throw UsageError(
        text(checkpoint.path(), ": its run counted pairs in ", pairs.size(), " bins; give as many"));
  std::fill(pairs_.begin(), pairs_.end(), 0);
  const Range mine = pairs.distribution().range(world_.rank());
  std::copy(pairs.local().begin(), pairs.local().end(), pairs_.begin() + mine.first);
}

// The newest checkpoint that is whole.
Production::Continued Production::restore(const System& system) {
  std::optional<Continued> found;
  const bool whole = checkpoints_->restore([&](const Checkpoint& checkpoint) {
    found.emplace(Continued{load(world_, checkpoint, system.setup), std::nullopt});
    const Notes& notes = found->saved.notes;
    if (options_.files.displacements && !notes.contains("displacements"))
      throw UsageError(
          text(checkpoint.path(), ": its run did not follow displacements; continue without them"));
    if (options_.files.displacements) found->start.emplace(checkpoint.read<Displacements::Start>("start"));
    if (options_.pair_distribution) read_pairs(checkpoint, notes);
  });
  if (!whole)
    throw FileError(text(*options_.checkpoints, ": no checkpoint to restart from; start without it"),
                    {*options_.checkpoints, {}});
  return std::move(*found);
}

void Production::go_on(const System& system, Placement placement) {
  Continued run = restore(system);
  notes_ = run.saved.notes;
  if (options_.pair_distribution) frames_ = notes_->get<Index>("pair frames");
  if (run.saved.step > options_.steps)
    throw UsageError(text(*options_.checkpoints, ": the newest checkpoint is of step ", run.saved.step,
                          ", beyond the ", options_.steps, " that are wanted; give more steps"),
                     {"steps", {run.saved.step, options_.steps}});
  simulation_ = std::make_unique<Simulation>(world_, system.setup, std::move(run.saved.atoms), placement);
  simulation_->set_steps(run.saved.step);
  if (simulation_->hash() != notes_->get<std::uint64_t>("state hash"))
    throw InternalError(
        text(*options_.checkpoints, ": the state that was read is not the one that was written"));
  if (!run.start) return;
  displacements_ = std::make_unique<Displacements>(*simulation_);
  std::copy(run.start->local().begin(), run.start->local().end(), displacements_->start().local().begin());
}

Row Production::look() {
  Row row;
  row.step = simulation_->steps();
  row.time = static_cast<double>(row.step) * simulation_->setup().time_step;
  row.seen = simulation_->observables();
  row.seen.potential_energy += tail_energy_;
  row.seen.pressure += tail_pressure_;
  for (std::size_t k = 0; k < 3; ++k) row.seen.pressure_tensor[k] += tail_pressure_;
  row.hash = simulation_->hash();
  if (displacements_) row.mean_square_displacement = displacements_->mean_square(*simulation_);
  return row;
}

void Production::count_pairs() {
  if (!options_.pair_distribution) return;
  molecular::count_pairs(simulation_->view(), simulation_->rows(), simulation_->setup().box,
                         simulation_->setup().interactions.longest_cutoff(), pairs_);
  ++frames_;
}

std::vector<Index> Production::all_pairs() const {
  std::vector<Index> all = pairs_;
  sum_elements(world_, all);
  return all;
}

void Production::save() {
  Notes notes;
  streams_->mark(notes);
  if (displacements_) notes["displacements"] = true;
  if (!options_.pair_distribution) {
    simulation::save(*checkpoints_, *simulation_, notes, {}, displacements_.get());
    return;
  }
  notes["pair frames"] = frames_;
  const std::vector<Index> all = all_pairs();
  DistVector<Index> pairs(world_, static_cast<Index>(all.size()), "pairs to be saved");
  pairs.fill([&](Index k) { return all[static_cast<std::size_t>(k)]; });
  simulation::save(*checkpoints_, *simulation_, notes, {{"pairs", pairs}}, displacements_.get());
}

void Production::write_pair_distribution() {
  const double cutoff = simulation_->setup().interactions.longest_cutoff();
  const std::vector<double> g =
      molecular::radial_distribution(all_pairs(), cutoff, simulation_->particles(),
                                     std::max<Index>(frames_, 1), simulation_->setup().box.volume());
  world_.together("write g(r)", [&] {
    if (world_.rank() != 0) return;
    auto table = formats::TableWriter::create(*options_.pair_distribution, {"r", "g"});
    for (std::size_t k = 0; k < g.size(); ++k) {
      const std::vector<formats::Cell> cells{
          (static_cast<double>(k) + 0.5) * cutoff / static_cast<double>(g.size()), g[k]};
      table.row(cells);
    }
    table.mark();
  });
}

// The next step at which something is to be done.
Index Production::next_stop() const {
  const Index step = simulation_->steps();
  const auto next = [&](Index every) { return every > 0 ? (step / every + 1) * every : options_.steps; };
  Index stop = std::min({options_.steps, next(options_.every), next(options_.checkpoint_every)});
  if (options_.files.trajectory) stop = std::min(stop, next(options_.files.trajectory_every));
  return std::min(stop, step + std::max<Index>(options_.every / 10, 1));  // for the sake of progress
}

void Production::run(const std::function<void(const Row&)>& observe,
                     const std::function<void(double)>& progress) {
  const Index from = simulation_->steps();
  const auto report = [&](bool first) {
    const Index step = simulation_->steps();
    const bool last = step == options_.steps;
    if (is_due(step, options_.every)) {
      count_pairs();
      const Row row = look();
      streams_->write(row);
      observe(row);
    } else if (last) {
      observe(look());  // but not in files: a longer run would not have it
    }
    if (is_due(step, options_.files.trajectory_every)) streams_->write_frame(*simulation_);
    if (checkpoints_ && !first && (is_due(step, options_.checkpoint_every) || last)) save();
  };
  if (!is_continued()) report(true);
  while (simulation_->steps() < options_.steps) {
    simulation_->run(next_stop() - simulation_->steps());
    report(false);
    if (progress)
      progress(static_cast<double>(simulation_->steps() - from) / static_cast<double>(options_.steps - from));
  }
  if (options_.pair_distribution) write_pair_distribution();
}

bool goes_back(Simulation& simulation, Index steps) {
  const std::uint64_t before = simulation.hash();
  simulation.run(steps);
  simulation.reverse();
  simulation.run(steps);
  simulation.reverse();
  simulation.set_steps(simulation.steps() - 2 * steps);
  return simulation.hash() == before;
}

}  // namespace tutti::simulation

// tutti md: options become a run; what it observes becomes lines, or JSON.
#include <chrono>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "tutti/comm/tell.hpp"
#include "tutti/simulation/production.hpp"

#include "cli/commands.hpp"
#include "cli/md_start.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/system_options.hpp"

namespace tutti::cli {

namespace {

using Json = nlohmann::ordered_json;
using simulation::Production;
using simulation::ProductionOptions;
using simulation::Row;
using simulation::Simulation;

ProductionOptions options_of(const MdCommand& command, const molecular::SystemInput& input) {
  ProductionOptions options;
  const std::optional<Index> steps = command.steps ? command.steps : input.dynamics.steps;
  if (!steps && !command.verify_reverse)
    throw UsageError("md: no number of steps; give --steps S, 0 for the start alone", {"--steps", {}});
  options.steps = steps.value_or(0);
  options.every = command.every.value_or(std::max<Index>(options.steps / 10, 1));
  options.files.table = command.table;
  options.files.trajectory = command.trajectory;
  options.files.trajectory_every = command.trajectory_every.value_or(options.every);
  options.files.displacements = command.displacements;
  options.pair_distribution = command.pairs;
  options.bins = command.bins.value_or(options.bins);
  options.checkpoints = command.checkpoints;
  options.checkpoint_every = command.checkpoint_every.value_or(0);
  options.restart = command.restart;
  return options;
}

std::string line_of(const Row& row, Index particles) {
  const auto n = static_cast<double>(particles);
  std::string line = text(row.step, " ", row.seen.temperature, " ", row.seen.potential_energy / n, " ",
                          row.seen.total_energy() / n, " ", row.seen.pressure);
  if (row.mean_square_displacement) line += text(" ", *row.mean_square_displacement);
  return line + text(" ", simulation::hash_text(row.hash), "\n");
}

Json json_of(const Row& row) {
  Json made{{"step", row.step},
            {"time", row.time},
            {"temperature", row.seen.temperature},
            {"potential_energy", row.seen.potential_energy},
            {"kinetic_energy", row.seen.kinetic_energy},
            {"total_energy", row.seen.total_energy()},
            {"virial", row.seen.virial},
            {"pressure", row.seen.pressure},
            {"pressure_tensor", row.seen.pressure_tensor},
            {"state", simulation::hash_text(row.hash)}};
  if (row.mean_square_displacement) made["mean_square_displacement"] = *row.mean_square_displacement;
  return made;
}

Json describe(const World& world, Simulation& run) {
  const simulation::Traffic traffic = run.traffic();
  return {{"schema", "tutti-md/1"},
          {"particles", run.particles()},
          {"ranks", world.size()},
          {"nodes", world.nodes()},
          {"precision", molecular::name(run.setup().precision)},
          {"placement", simulation::name(run.placement())},
          {"rebuilds", traffic.rebuilds},
          {"bytes_a_step", traffic.bytes_a_step},
          {"most_particles_of_a_rank", traffic.most_particles}};
}

void tell(const World& world, const Common& common, const std::string& words) {
  if (world.rank() == 0 && !common.quiet && !common.json) std::fputs(words.c_str(), stderr);
}

void summarize_run(const World& world, const Common& common, Simulation& run, Index steps, double seconds) {
  const simulation::Traffic traffic = run.traffic();
  const Memory memory = memory_of(world);
  std::string words =
      text(run.particles(), " particles, ", world.size(), world.size() == 1 ? " rank" : " ranks", " on ",
           world.nodes(), world.nodes() == 1 ? " node, " : " nodes, ", simulation::name(run.placement()),
           "; ", steps, " steps in ", fixed_text(seconds, 2), " s");
  if (seconds > 0 && steps > 0)
    words += text(" (", fixed_text(static_cast<double>(steps) / seconds, 1), " a second)");
  words += text("; ", bytes_text(traffic.bytes_a_step), " of positions between ranks a step; at most ",
                bytes_text(static_cast<std::uint64_t>(memory.peak_rank_bytes)), " a rank\n");
  tell(world, common, words);
}

int verify_reverse(const World& world, const MdCommand& command, Simulation& run) {
  const std::uint64_t start = run.hash();
  const bool same = simulation::goes_back(run, *command.verify_reverse);
  const std::uint64_t end = run.hash();
  Result output(world, command.common);
  if (command.common.json) {
    Json json = describe(world, run);
    json["steps"] = *command.verify_reverse;
    json["start"] = simulation::hash_text(start);
    json["end"] = simulation::hash_text(end);
    json["same"] = same;
    output.print(json.dump() + "\n");
  } else {
    output.print(text(*command.verify_reverse, " steps forward and back: state ",
                      simulation::hash_text(start), same ? ", and again " : ", but then ",
                      simulation::hash_text(end), "\n"));
  }
  if (!same && world.rank() == 0) tell_code(1);  // the line has said all that there is to say
  return same ? 0 : 1;
}

// The rows of a run: printed as they come, or all at its end where they go into a file or are JSON.
class Rows {
 public:
  Rows(const World& world, const MdCommand& command, Simulation& run)
      : world_(world), command_(command), run_(run), output_(world, command.common) {
    add(text("# step temperature potential_energy total_energy pressure ",
             command.displacements ? "mean_square_displacement " : "", "state\n"));
  }
  void add(const Row& row) {
    if (command_.common.json)
      json_.push_back(json_of(row));
    else
      add(line_of(row, run_.particles()));
  }
  void finish(double seconds) {
    if (command_.common.json) {
      Json json = describe(world_, run_);
      json["steps"] = run_.steps();
      json["seconds"] = seconds;
      json["rows"] = std::move(json_);
      json["state"] = simulation::hash_text(run_.hash());
      output_.print(json.dump() + "\n");
    } else if (command_.common.output) {
      output_.print(lines_);
    }
  }

 private:
  void add(const std::string& line) {
    if (command_.common.json) return;
    if (command_.common.output)
      lines_ += line;
    else
      world_.print(line);
  }

  const World& world_;
  const MdCommand& command_;
  Simulation& run_;
  Result output_;
  Json json_ = Json::array();
  std::string lines_;
};

}  // namespace

int md(const World& world, const MdCommand& command) {
  if (command.verify_reverse && *command.verify_reverse < 0)
    throw UsageError(text("--verify-reverse ", *command.verify_reverse, ": give a number of steps"),
                     {"--verify-reverse", {}});
  const molecular::SystemInput input =
      world.together("read the input", [&] { return system_of(command.system); });
  Production production(world, start_of(world, command, input), options_of(command, input),
                        simulation::placement_named(command.placement));
  Simulation& run = production.simulation();
  if (!run.note().empty()) tell(world, command.common, text("tutti: ", run.note(), "\n"));
  if (command.verify_reverse) return verify_reverse(world, command, run);

  Rows rows(world, command, run);
  const Index from = run.steps();
  const auto start = std::chrono::steady_clock::now();
  production.run([&](const Row& row) { rows.add(row); },
                 world.rank() == 0 ? progress_of(command.common, "md") : std::function<void(double)>());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  rows.finish(seconds.count());
  summarize_run(world, command.common, run, run.steps() - from, seconds.count());
  return 0;
}

}  // namespace tutti::cli

#include "cli/plan_options.hpp"

#include <CLI/CLI.hpp>

namespace tutti::cli {

CLI::App* add_plan(CLI::App& app, PlanCommand& command) {
  CLI::App* plan = app.add_subcommand(
      "plan", "what a job will take of its nodes' memory, before it runs, and whether it fits");
  plan->add_option("FILE", command.description, "the job as TOML; options count more than what it says");
  plan->add_option("--from-run", command.from_run,
                   "the arrays of a run: its memory report, JSON [TUTTI_MEMORY_REPORT]")
      ->type_name("FILE");
  plan->add_option(
          "--array", command.arrays,
          "an array more, NAME:KIND:ELEMENTS:TYPE[:LAYOUT]; KIND is distributed, node-shared, replicated,\n"
          "halo or buffer (these two: elements on each rank)")
      ->type_name("ARRAY")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  plan->add_option("--particles", command.particles, "the arrays of tutti md, with so many particles")
      ->type_name("N");
  plan->add_option("--placement", command.placement, "of these: spatial, node-shared or replicated [spatial]")
      ->type_name("WHERE");
  plan->add_option("--density", command.density, "of these, particles / sigma^3 [0.8442]")->type_name("X");
  plan->add_option("--cutoff", command.cutoff, "of these, sigma [2.5]")->type_name("X");
  plan->add_option("-n,--ranks", command.ranks, "ranks of the job")->type_name("P");
  plan->add_option("--per-node", command.per_node, "ranks on each node (without it: all on one)")
      ->type_name("R");
  plan->add_option("--node-memory", command.node_memory,
                   "memory of a node: 256GB, 64GiB (without it: what this node has left)")
      ->type_name("BYTES");
  plan->add_option("--calibrate", command.calibrate,
                   "measure what MPI takes: auto (once, by starting up to 16 ranks here), now or never")
      ->check(CLI::IsMember({"auto", "now", "never"}))
      ->type_name("WHEN");
  plan->add_option("--mpiexec", command.common.mpiexec, "launcher to measure with [TUTTI_MPIEXEC]")
      ->type_name("PATH");
  plan->add_option("--measure-base", command.measure_base)->group("");  // hidden: what the launcher starts
  plan->footer(
      "Prints bytes on the fullest rank and node, the verdict, and changes that would make the job fit.\n"
      "Exit code 75 if it does not fit. The page docs/memory.md explains the numbers and the file.");
  return plan;
}

}  // namespace tutti::cli

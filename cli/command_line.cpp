#include "cli/command_line.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <CLI/CLI.hpp>

#include "tutti/core/error.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/memory/byte_size.hpp"

#include "cli/energy_options.hpp"
#include "cli/md_options.hpp"
#include "cli/plan_options.hpp"
#include "cli/verify_options.hpp"

namespace tutti::cli {

namespace {

constexpr const char* footer_of_all =
    "Exit codes: 0 ok, 1 not the same (verify) or damaged (checkpoints), 64 usage, 65 bad data, 66 input "
    "missing, 69 wrong launcher,\n"
    "70 error in a program, 71 operating system, 73 cannot create output, 74 reading or writing failed,\n"
    "75 out of budget, 76 ranks disagree.";

// What CLI11 fills in; turned into a Command afterwards.
struct Raw {
  Common common;
  std::string launcher = "auto";
  std::string first, second;
  std::string distribution = "block";
  std::optional<std::string> data_type;
  std::int64_t offset = 0;
  bool rounded = false;
  double every = InspectCommand{}.every;
  std::optional<double> at;
  PlanCommand plan;
  VerifyCommand verify;
  EnergyCommand energy;
  MdCommand md;
};

void add_launch_options(CLI::App& app, Raw& raw) {
  app.add_option("-n,--ranks", raw.common.ranks,
                 "start this many ranks (without it: the ranks that mpirun or srun started)")
      ->type_name("P");
  app.add_option("--mpiexec", raw.common.mpiexec, "launcher to start them with [TUTTI_MPIEXEC]")
      ->type_name("PATH");
  app.add_option("--launcher", raw.launcher, "auto, or none: run here as one rank [TUTTI_LAUNCHER]")
      ->type_name("WHICH");
}

void add_output_options(CLI::App& app, Raw& raw) {
  app.add_flag("--json", raw.common.json, "print one JSON object, for errors too");
  app.add_flag("--quiet", raw.common.quiet, "print the result only");
  app.add_option("--color", raw.common.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

void add_memory_options(CLI::App& app, Raw& raw) {
  app.add_option("--memory-budget", raw.common.memory_budget,
                 "refuse what would take more of a node's memory than this, as 4GiB [TUTTI_MEMORY_BUDGET]")
      ->type_name("SIZE");
  app.add_option("--memory-report", raw.common.memory_report,
                 "what held how much memory: - prints a table, else JSON to this file [TUTTI_MEMORY_REPORT]")
      ->type_name("FILE");
}

void check_memory_options(const Common& common) {
  if (common.memory_budget && memory::parse_bytes(*common.memory_budget).value_or(0) == 0)
    throw UsageError(text("--memory-budget ", printable(*common.memory_budget),
                          ": not an amount of memory; give one as 4GiB or 256GB, for each node"),
                     {"--memory-budget", {}});
  if (common.memory_report && common.memory_report->empty())
    throw UsageError("--memory-report: no file; give one, or - for a table", {"--memory-report", {}});
}

void add_file_options(CLI::App& app, Raw& raw) {
  app.add_option("--distribution", raw.distribution,
                 "who reads what: block, cyclic or block-cyclic:K (K elements); shows in no exact result")
      ->type_name("LAYOUT");
  app.add_option("--dtype", raw.data_type,
                 "the files are raw numbers of this type, in NumPy's notation: '<f8'")
      ->type_name("TYPE");
  app.add_option("--offset", raw.offset, "bytes to leave out at the beginning of raw files")
      ->type_name("BYTES");
  app.add_option("--output", raw.common.output, "write the result to this file, too; atomically")
      ->type_name("FILE");
}

FileSource source(const Raw& raw, const std::string& path) {
  FileSource file{path};
  if (raw.data_type) {
    try {
      file.raw_type = parse_data_type(*raw.data_type);
    } catch (const FormatError& error) {
      throw UsageError(text("--dtype ", *raw.data_type, ": ", error.message()), {"--dtype", {}});
    }
  } else if (raw.offset != 0) {
    throw UsageError("--offset is for raw files; give their --dtype, too", {"--offset", {}});
  }
  if (raw.offset < 0)
    throw UsageError(text("--offset ", raw.offset, ": give a number of bytes, at least 0"), {"--offset", {}});
  file.raw_offset = raw.offset;
  return file;
}

bool takes_program(const std::string& command) {
  return command == "tutti run" || command == "tutti inspect" || command == "tutti verify";
}

// CLI11's sentences in our form: lower case, no full stop, with a remedy.
[[noreturn]] void refuse(const CLI::ParseError& error, const std::string& command) {
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  while (!message.empty() && (message.back() == '.' || message.back() == ' ')) message.pop_back();
  // Option names keep their case; a sentence does not.
  if (message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' && message[1] >= 'a' && message[1] <= 'z')
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  const char* const hint = takes_program(command) ? "; give the program after --, and" : ";";
  throw UsageError(text(message, hint, " see ", command, " --help"));
}

// CLI11 would only say that a command is missing.
void refuse_unknown_command(const std::vector<std::string>& arguments, std::span<CLI::App* const> commands) {
  if (arguments.empty() || arguments.front().starts_with('-')) return;
  std::string names;
  for (const CLI::App* command : commands) {
    if (command->get_name() == arguments.front()) return;
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  throw UsageError(
      text(printable(arguments.front()), ": no such command; give one of ", names, ", or see tutti --help"),
      {arguments.front(), {}});
}

enum Place : std::size_t {
  dot_place,
  stats_place,
  run_place,
  doctor_place,
  inspect_place,
  plan_place,
  verify_place,
  checkpoints_place,
  energy_place,
  md_place
};

CLI::App* add_inspect(CLI::App& app, Raw& raw) {
  CLI::App* inspect = app.add_subcommand(
      "inspect", "run any MPI program; memory per node, and which of it is the same on several ranks");
  inspect
      ->add_option("--every", raw.every,
                   "look at the memory this often, in seconds; more often at the beginning")
      ->type_name("SECONDS");
  inspect->add_option("--at", raw.at, "look for equal pages so many seconds after the start, not at the peak")
      ->type_name("SECONDS");
  inspect->add_option("--output", raw.common.output, "the report to this file instead of stderr")
      ->type_name("FILE");
  inspect->footer(
      "The program and its arguments follow --; its output and exit code are left alone. The report goes to\n"
      "stderr or FILE; --json makes it one JSON object.");
  return inspect;
}

std::array<CLI::App*, 10> add_commands(CLI::App& app, Raw& raw) {
  CLI::App* dot = app.add_subcommand(
      "dot", "exact dot product of two vectors in files, the same bits on any number of ranks");
  dot->add_option("A", raw.first, "first vector: a .npy file, or raw with --dtype")->required();
  dot->add_option("B", raw.second, "second vector")->required();
  dot->add_flag("--rounded", raw.rounded, "the ordinary floating-point sum instead, for comparison");
  add_file_options(*dot, raw);

  CLI::App* stats =
      app.add_subcommand("stats", "n, sum, mean, variance, norm, min and max with their places; exact");
  stats->add_option("A", raw.first, "a .npy file, or raw with --dtype")->required();
  add_file_options(*stats, raw);

  CLI::App* run = app.add_subcommand(
      "run", "start an MPI program with the right launcher: tutti run -n 4 -- PROGRAM ...");
  CLI::App* doctor = app.add_subcommand(
      "doctor", "what this machine offers: MPI, nodes, shared memory, huge pages, SIMD, limits");
  CLI::App* plan = add_plan(app, raw.plan);
  CLI::App* verify = add_verify(app, raw.verify);
  CLI::App* energy = add_energy(app, raw.energy);
  energy->add_option("--output", raw.common.output, "write the result to this file, too; atomically")
      ->type_name("FILE");
  CLI::App* checkpoints = app.add_subcommand(
      "checkpoints", "what is in a folder of checkpoints, and whether it is whole; all of it is read");
  checkpoints->add_option("FOLDER", raw.first, "where a job writes its checkpoints")->required();
  CLI::App* md = add_md(app, raw.md);
  const std::array commands{dot,  stats,  run,         doctor, add_inspect(app, raw),
                            plan, verify, checkpoints, energy, md};
  for (CLI::App* command : commands) {
    // Plan starts no ranks of its own, and verify several numbers of them.
    if (command != plan && command != verify) add_launch_options(*command, raw);
    add_output_options(*command, raw);
  }
  for (CLI::App* command : {dot, stats, run, energy, md}) add_memory_options(*command, raw);
  run->footer("The program and its arguments follow --; what it prints and its exit code are passed on.");
  return commands;
}

InspectCommand inspect_command(const Raw& raw, std::span<const std::string> program) {
  if (program.empty())
    throw UsageError("inspect: no program; give it after --, as in tutti inspect -n 4 -- ./a.out");
  constexpr double most = 86400;  // s; also refuses what is no number
  if (!(raw.every >= 0.01 && raw.every <= most))
    throw UsageError(text("--every ", raw.every, ": give seconds, from 0.01 to ", most), {"--every", {}});
  if (raw.at && !(*raw.at >= 0 && *raw.at <= most))
    throw UsageError(text("--at ", *raw.at, ": give seconds, from 0 to ", most), {"--at", {}});
  return {raw.common, {program.begin(), program.end()}, raw.every, raw.at};
}

// What CLI11 has filled in, as a Command.
Command command_of(const Raw& raw, std::span<CLI::App* const> commands,
                   std::span<const std::string> program) {
  if (commands[run_place]->parsed()) {
    if (program.empty())
      throw UsageError("run: no program; give it after --, as in tutti run -n 4 -- ./a.out");
    return RunCommand{raw.common, {program.begin(), program.end()}};
  }
  if (commands[inspect_place]->parsed()) return inspect_command(raw, program);
  if (commands[verify_place]->parsed()) {
    VerifyCommand verify = raw.verify;
    verify.common = raw.common;
    verify.common.mpiexec = raw.verify.common.mpiexec;
    verify.program.assign(program.begin(), program.end());
    return verify;
  }
  if (!program.empty())
    throw UsageError(text("-- ", program.front(),
                          ": only tutti run, inspect and verify take a program; see tutti --help"));
  if (commands[doctor_place]->parsed()) return DoctorCommand{raw.common};
  if (commands[checkpoints_place]->parsed()) return CheckpointsCommand{raw.common, raw.first};
  if (commands[md_place]->parsed()) {
    MdCommand md = raw.md;
    md.common = raw.common;
    md.common.output = raw.md.common.output;
    return md;
  }
  if (commands[plan_place]->parsed()) {
    PlanCommand plan = raw.plan;
    plan.common = raw.common;
    plan.common.mpiexec = raw.plan.common.mpiexec;
    return plan;
  }
  if (commands[energy_place]->parsed()) {
    EnergyCommand energy = raw.energy;
    energy.common = raw.common;
    return energy;
  }
  const Layout layout = parse_layout(raw.distribution);
  if (commands[stats_place]->parsed()) return StatsCommand{raw.common, source(raw, raw.first), layout};
  return DotCommand{raw.common, source(raw, raw.first), source(raw, raw.second), layout, raw.rounded};
}

}  // namespace

bool wants_json(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

Command parse(const std::vector<std::string>& arguments) {
  Raw raw;
  CLI::App app("tutti: the same answer, one copy, no hangs, on any number of processes", "tutti");
  app.set_version_flag("--version", text("tutti ", launch::built_version, " for ",
                                         launch::name(launch::kind_of(launch::built_mpi))));
  app.footer(footer_of_all);
  app.require_subcommand(1);

  const auto commands = add_commands(app, raw);

  // What follows "--" belongs to the program that is started, whatever it looks like.
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  std::vector<std::string> ours(arguments.begin(), end);
  refuse_unknown_command(ours, commands);
  const std::vector<std::string> program(end == arguments.end() ? end : end + 1, arguments.end());
  std::reverse(ours.begin(), ours.end());  // as CLI11 wants them
  std::string command = "tutti";
  try {
    app.parse(ours);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    return Help{chosen.empty() ? app.help() : chosen.front()->help("tutti")};
  } catch (const CLI::CallForAllHelp&) {
    return Help{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return Help{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    for (const CLI::App* chosen : app.get_subcommands()) command += " " + chosen->get_name();
    refuse(error, command);
  }
  raw.common.use_launcher = launch::parse_use_launcher(raw.launcher);
  check_memory_options(raw.common);
  return command_of(raw, commands, program);
}

}  // namespace tutti::cli

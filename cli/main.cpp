// The program tutti: parses, starts the ranks or is one of them, prints. No science here.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <variant>

#include "tutti/comm/run.hpp"
#include "tutti/core/error_record.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/front_end.hpp"

#include "cli/command_line.hpp"
#include "cli/commands.hpp"

namespace {

using namespace tutti;
using namespace tutti::cli;

const Common& common_of(const Command& command) {
  static const Common nothing;
  return std::visit(
      [](const auto& c) -> const Common& {
        if constexpr (requires { c.common; })
          return c.common;
        else
          return nothing;
      },
      command);
}

// One rank of several speaks for all; alone, before MPI has started, we do.
bool speaks() {
  const auto launcher = launch::detect_launcher();
  return !launcher || launcher->rank == 0;
}

int print_help(const Help& help) {
  if (!speaks()) return 0;
  if (std::fputs(help.text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    throw IoError(text("stdout: ", errno_text(errno), "; the text is lost"), {"stdout", {errno, 0}});
  return 0;
}

int work(const World& world, const Command& command) {
  if (const auto* c = std::get_if<CheckpointsCommand>(&command)) return checkpoints(world, *c);
  if (const auto* c = std::get_if<MdCommand>(&command)) return md(world, *c);
  if (const auto* c = std::get_if<DotCommand>(&command)) dot(world, *c);
  if (const auto* c = std::get_if<StatsCommand>(&command)) stats(world, *c);
  if (const auto* c = std::get_if<EnergyCommand>(&command)) energy(world, *c);
  if (const auto* c = std::get_if<DoctorCommand>(&command)) doctor(world, *c);
  if (const auto* c = std::get_if<PlanCommand>(&command)) measure_base(world, c->measure_base.value_or(0));
  return 0;
}

int obey(const Command& command, int argc, char** argv) {
  if (const auto* help = std::get_if<Help>(&command)) return print_help(*help);
  if (const auto* program = std::get_if<RunCommand>(&command)) return cli::run(*program);
  if (const auto* program = std::get_if<InspectCommand>(&command)) return cli::inspect(*program);
  if (const auto* program = std::get_if<VerifyCommand>(&command)) return cli::verify(*program);
  if (const auto* c = std::get_if<PlanCommand>(&command); c != nullptr && !c->measure_base)
    return cli::plan(*c);
  const Common& common = common_of(command);
  if (launch::how_to_start(common.ranks, common.use_launcher) == launch::Start::launch) {
    const auto outcome = launch::run_front_end(common.ranks.value_or(1), common.mpiexec, {argv, argv + argc});
    return launch::report(outcome, common.json ? launch::Style::json : launch::Style::plain);
  }
  for (const auto& setting : memory_settings(common))
    ::setenv(setting.name.c_str(), setting.value.c_str(), 1);
  return tutti::run(
      argc, argv, [&](World& world) { return work(world, command); },
      common.json ? ErrorStyle::json : ErrorStyle::text);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    return obey(parse(arguments), argc, argv);
  } catch (...) {  // also what a library below throws
    const core::ErrorRecord record = core::describe(std::current_exception());
    if (speaks()) tell(record, wants_json(arguments) ? ErrorStyle::json : ErrorStyle::text);
    return record.exit_code();
  }
}

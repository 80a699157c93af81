#include <unistd.h>

#include "tutti/comm/mpi_library.hpp"
#include "tutti/core/environment.hpp"
#include "tutti/exact/kernels.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/memory/usable_cores.hpp"

#include "cli/commands.hpp"
#include "cli/doctor_memory.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"

namespace tutti::cli {

namespace {

using Section = std::vector<std::pair<std::string, std::string>>;

Section mpi_section(const World& world) {
  return {{"tutti", std::string(launch::built_version)},
          {"library", comm::mpi_library()},
          {"launcher", std::string(launch::built_mpiexec)},
          {"ranks", text(world.size())},
          {"nodes", text(world.nodes())},
          {"this node", world.node_name()}};
}

Section processor_section() {
  std::string names;
  for (const exact::Kernel& kernel : exact::kernels())
    names += (names.empty() ? "" : ", ") + std::string(kernel.name);
  std::string absent;
  for (const exact::AbsentKernel& kernel : exact::absent_kernels())
    absent += text(absent.empty() ? "" : "; ", kernel.name, ": ", kernel.why);
  const auto quota = memory::core_quota();
  return {{"usable cores", text(memory::usable_cores(memory::usable_core_set(), quota))},
          {"core quota", quota ? text(*quota, " cores") : "none"},
          {"kernel in use", exact::kernel().name},
          {"kernels", names},
          {"kernels not usable", absent.empty() ? "none" : absent}};
}

// Where each setting comes from.
Section settings_section() {
  Section settings;
  const auto show = [&](const char* name, const char* otherwise) {
    const auto value = environment_text(name);
    settings.emplace_back(name, value ? printable(*value) + " (environment)" : text(otherwise, " (default)"));
  };
  show("TUTTI_KERNEL", "the fastest");
  show("TUTTI_TIER", "as the data need");
  show("TUTTI_WATCHDOG", "60 s");
  show("TUTTI_WATCHDOG_END", "never");
  show("TUTTI_STRICT", "0");
  show("TUTTI_BOARD", "1");
  show("TUTTI_NODES", "1");
  show("TUTTI_MEMORY_BUDGET", "none");
  show("TUTTI_MEMORY_REPORT", "none");
  show("TUTTI_MPIEXEC", "the launcher above");
  show("TUTTI_LAUNCHER", "auto");
  return settings;
}

bool colored(const Common& common) {
  if (common.color != "auto") return common.color == "always";
  const auto front_end = environment_text("TUTTI_PROGRESS");
  return !front_end && isatty(STDOUT_FILENO) == 1;
}

std::string plain_text(const Findings& findings, bool color) {
  std::string out;
  for (const auto& section : findings) {
    out += color ? text("\x1b[1m", section.first, "\x1b[0m\n") : section.first + "\n";
    for (const auto& entry : section.second) {
      std::string name = "  " + entry.first;
      name.resize(std::max<std::size_t>(name.size() + 2, 26), ' ');
      out += name + entry.second + "\n";
    }
  }
  return out;
}

}  // namespace

void doctor(const World& world, const DoctorCommand& command) {
  const Findings findings = world.together("look around", [&] {
    return Findings{{"mpi", mpi_section(world)},
                    {"processor", processor_section()},
                    {"memory", memory_section()},
                    {"settings", settings_section()}};
  });
  world.print(command.common.json ? doctor_json(findings) : plain_text(findings, colored(command.common)));
}

}  // namespace tutti::cli

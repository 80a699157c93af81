#include "cli/plan.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <unistd.h>

#include "tutti/comm/mpi_library.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/file.hpp"
#include "tutti/forecast/calibration.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/launch/front_end.hpp"
#include "tutti/memory/byte_size.hpp"
#include "tutti/molecular/melt.hpp"
#include "tutti/simulation/estimate.hpp"

#include "cli/commands.hpp"

namespace tutti::cli {

namespace {

using forecast::Base;
using forecast::Job;

constexpr const char* job_text = "description of a job";

int at_least_one(std::optional<int> value, const char* option) {
  if (value && *value < 1)
    throw UsageError(text(option, " ", *value, ": give a number of ranks of at least 1"), {option, {}});
  return value.value_or(0);
}

std::uint64_t node_memory(const std::string& words) {
  const auto bytes = memory::parse_bytes(words);
  if (!bytes || *bytes == 0)
    throw UsageError(
        text("--node-memory ", printable(words), ": no amount of memory; give one as 256GB or 64GiB"),
        {"--node-memory", {}});
  return *bytes;
}

// What is to be forecast, gathered from a run, a file and options; the later count more.
struct Request {
  Job job;
  std::optional<MemoryReport> run;
  std::optional<memory::Limit> node_memory;
  std::string mpi = std::string(launch::built_mpi);
};

void take_run(Request& request, const std::string& path) {
  const MemoryReport& report =
      request.run.emplace(MemoryReport::from_json(files::whole_text(path, job_text), path));
  request.job.arrays = forecast::arrays_of(report);
  request.job.ranks = report.ranks;
  request.job.per_node = 0;
  for (const NodeMemory& node : report.nodes)
    request.job.per_node = std::max(request.job.per_node, node.ranks);
  if (launch::kind_of(report.mpi) != launch::LauncherKind::unknown) request.mpi = report.mpi;
}

void take_description(Request& request, const std::string& path) {
  forecast::Description description = forecast::parse_description(files::whole_text(path, job_text), path);
  for (forecast::Array& array : description.arrays) request.job.arrays.push_back(std::move(array));
  if (description.ranks) request.job.ranks = *description.ranks;
  if (description.per_node) request.job.per_node = *description.per_node;
  if (description.node_memory) request.node_memory = {*description.node_memory, path};
}

// A fluid that fills a cubic box.
void take_simulation(Request& request, const PlanCommand& command) {
  molecular::Melt fluid;
  fluid.density = command.density.value_or(fluid.density);
  fluid.cutoff = command.cutoff.value_or(fluid.cutoff);
  const simulation::Placement placement = simulation::placement_named(command.placement);
  if (placement == simulation::Placement::automatic)
    throw UsageError("--placement auto: give spatial, node-shared or replicated; a run chooses by itself",
                     {"--placement", {}});
  if (*command.particles < 1 || *command.particles > molecular::largest_id)
    throw UsageError(
        text("--particles ", *command.particles, ": give a number from 1 to ", molecular::largest_id),
        {"--particles", {}});
  if (!(fluid.density > 1e-6 && fluid.density < 1e6))
    throw UsageError(text("--density ", fluid.density, ": give one above 0"), {"--density", {}});
  const double edge = std::cbrt(static_cast<double>(*command.particles) / fluid.density);
  const molecular::DynamicsSetup setup{molecular::Box({edge, edge, edge}), fluid.interactions()};
  setup.interactions.check_fits(setup.box);
  for (forecast::Array& array :
       simulation::arrays_of(setup, *command.particles, request.job.ranks, placement))
    request.job.arrays.push_back(std::move(array));
}

Request request_of(const PlanCommand& command) {
  Request request;
  request.job = {0, 0, {}};
  if (command.from_run) take_run(request, *command.from_run);
  if (command.description) take_description(request, *command.description);
  for (const std::string& words : command.arrays)
    request.job.arrays.push_back(forecast::parse_array(words, "--array"));
  Job& job = request.job;
  if (const int ranks = at_least_one(command.ranks, "--ranks"); ranks != 0) job.ranks = ranks;
  if (const int ranks = at_least_one(command.per_node, "--per-node"); ranks != 0) job.per_node = ranks;
  if (command.node_memory) request.node_memory = {node_memory(*command.node_memory), "--node-memory"};
  if (job.ranks == 0)
    throw UsageError("plan: how many ranks? give --ranks, or a FILE or --from-run that says it",
                     {"--ranks", {}});
  if (command.particles) take_simulation(request, command);
  if (job.arrays.empty() && !request.run)
    throw UsageError("plan: what does the job hold? give --array, --particles, a FILE or --from-run",
                     {"--array", {}});
  if (job.per_node == 0) job.per_node = job.ranks;
  return request;
}

Base calibrated(const PlanCommand& command, const std::string& library, std::string& note) {
  const std::string mpi(launch::built_mpi);
  if (command.calibrate != "now")
    if (auto known = forecast::kept(mpi, library)) return *known;
  if (!command.common.quiet && !command.common.json)
    std::fputs("measuring what MPI takes on up to 16 ranks of this machine\n", stderr);
  forecast::CalibrationRequest request{mpi, library, {}, command.common.mpiexec};
  request.program = {launch::own_path(), "plan", "--measure-base", text(::getpid())};
  Base base = forecast::calibrate(request);
  note = forecast::keep(base, mpi);
  return base;
}

// What MPI and the program take: kept, measured now, or assumed.
Base base_of(const PlanCommand& command, const Request& request, std::string& note) {
  const std::string library = comm::mpi_library();  // may be asked before MPI starts
  const bool ours = request.mpi == launch::built_mpi;
  if (ours && command.calibrate == "now") return calibrated(command, library, note);
  if (auto known = forecast::kept(request.mpi, ours ? library : "")) return *known;
  if (ours && command.calibrate == "auto" && !launch::detect_launcher()) {
    try {
      return calibrated(command, library, note);
    } catch (const Error& error) {
      note = error.message();
    }
  }
  return Base::assumed(launch::kind_of(request.mpi));
}

void write(const std::string& words) {
  if (std::fputs(words.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    throw IoError(text("stdout: ", errno_text(errno), "; the text is lost"), {"stdout", {errno, 0}});
}

}  // namespace

int plan(const PlanCommand& command) {
  Request request = request_of(command);
  Plan plan;
  plan.past = forecast::past_errors();
  plan.room = request.node_memory ? forecast::Room{*request.node_memory} : forecast::room_here();
  plan.room.known_error = plan.past.worst;
  const Base base = base_of(command, request, plan.note);
  plan.library = base.library();
  if (request.run) request.job.arrays.push_back(forecast::unbooked(*request.run, base));
  plan.forecast = forecast::forecast(request.job, base);
  plan.fit = plan.room.judge(plan.forecast.total.node);
  if (plan.fit != forecast::Fit::fits) plan.remedies = forecast::remedies(request.job, base, plan.room);
  const auto launcher = launch::detect_launcher();
  if (!launcher || launcher->rank == 0) write(command.common.json ? plan_json(plan) : plan_text(plan));
  return plan.fit == forecast::Fit::does_not_fit ? exit_code(ErrorType::budget) : 0;
}

}  // namespace tutti::cli

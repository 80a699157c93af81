#include "cli/doctor_memory.hpp"

#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "tutti/comm/mpi_library.hpp"
#include "tutti/core/text.hpp"
#include "tutti/forecast/calibration.hpp"
#include "tutti/forecast/history.hpp"
#include "tutti/forecast/verdict.hpp"
#include "tutti/inspect/foreign_memory.hpp"
#include "tutti/inspect/halt.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/launch/child_process.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/shared_segment.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::cli {

namespace {

// Whether ranks of this node can share memory as tutti does it.
std::string sharing() {
  try {
    const auto segment = memory::SharedSegment::create(4096, "tutti doctor");
    memory::SharedSegment::open(segment.handle(), memory::Access::read_only);
    return "works";
  } catch (const Error& error) {
    return "does not work: " + error.message();
  }
}

// Whether tutti inspect can look into the programs that it starts: tried on one.
std::string inspecting() {
  launch::ChildProcess child;
  try {
    child = launch::start({"sleep", "5"}, {}, launch::Input::none);
  } catch (const Error& error) {
    return "not tried: " + error.message();
  }
  int error = 0;
  {
    const inspect::Halt halt({child.pid}, std::chrono::milliseconds(2000));
    error = halt.error();
  }
  const std::string scope = memory::read_text("/proc/sys/kernel/yama/ptrace_scope").value_or("not there\n");
  std::string result = error == 0
                           ? text("works (yama/ptrace_scope is ", scope.substr(0, scope.size() - 1), ")")
                           : "does not work: " + inspect::why_unreadable(child.pid, error);
  ::kill(child.pid, SIGKILL);
  ::waitpid(child.pid, nullptr, 0);
  ::close(child.output);
  ::close(child.error);
  return result;
}

// TUTTI_MEMORY_BUDGET and what Slurm allows.
std::string given_limits() {
  const memory::Budget budget = memory::Budget::from_environment();
  std::string out;
  for (const memory::Limit& limit : budget.given())
    out += text(out.empty() ? "" : ", ", bytes_text(limit.bytes), " (", limit.origin, ")");
  return out.empty() ? "none" : out;
}

std::string limit() {
  const forecast::Room room = forecast::room_here();
  return text(bytes_text(room.usable()), " (", printable(room.limit.origin),
              room.all_of_the_node ? ", less 1/32 for the system)" : ")");
}

// "always within_size advise [never] deny force"
std::string shared_huge_pages() {
  const std::string all = memory::read_text("/sys/kernel/mm/transparent_hugepage/shmem_enabled").value_or("");
  const std::size_t begin = all.find('['), end = all.find(']');
  return begin == std::string::npos || end < begin ? "unknown" : all.substr(begin + 1, end - begin - 1);
}

std::string mpi_memory() {
  const std::string mpi(launch::built_mpi);
  const auto kept = forecast::kept(mpi, comm::mpi_library());
  const forecast::Base base = kept ? *kept : forecast::Base::assumed(launch::kind_of(mpi));
  std::string out = text(bytes_text(base.at(1).pss), " for 1 rank on a node, ", bytes_text(base.at(16).pss),
                         " for 16, ", base.origin_text(16));
  if (!kept) out += " (tutti plan --calibrate now measures it)";
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> memory_section() {
  const memory::SystemMemory system = memory::system_memory();
  const auto shm = memory::shared_memory_filesystem();
  return {
      {"total", bytes_text(system.total)},
      {"available", bytes_text(system.available)},
      {"cgroup limit",
       system.cgroup ? text(bytes_text(system.cgroup->limit), ", ", bytes_text(system.cgroup->used), " used")
                     : "none"},
      {"budgets", given_limits()},
      {"for a job on this node", limit()},
      {"program and MPI", mpi_memory()},
      {"past forecasts", forecast::past_errors().text()},
      {"sharing between ranks", sharing()},
      {"/dev/shm",
       shm ? text(bytes_text(shm->size), ", ", bytes_text(shm->free), " free (tutti does not need it)")
           : "none"},
      {"huge pages", text(memory::name(memory::huge_pages()), ", ", bytes_text(memory::huge_page_size()))},
      {"huge shared pages", shared_huge_pages()},
      {"tutti inspect", inspecting()}};
}

}  // namespace tutti::cli

#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/core/text.hpp"
#include "tutti/forecast/calibration.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/system_memory.hpp"

#include "cli/commands.hpp"

namespace tutti::cli {

namespace {

// A MiB of every rank to all: from then on MPI has the connections and buffers that a working job has.
void exchange(const World& world) {
  const auto ranks = static_cast<std::size_t>(world.size());
  const std::size_t part = (std::size_t{1} << 20U) / sizeof(double) / ranks + 1;
  std::vector<double> out(part * ranks, 1.0), in(part * ranks);
  std::vector<std::span<const double>> send;
  std::vector<std::span<double>> receive;
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    send.emplace_back(out.data() + rank * part, part);
    receive.emplace_back(in.data() + rank * part, part);
  }
  all_to_all(world, send, receive);
}

// The starter runs the same files as the ranks, and so takes its share of what they have once; a job that no
// tutti starts has all of it.
std::uint64_t share_of(std::int64_t starter) {
  const auto text = memory::read_text(tutti::text("/proc/", starter, "/smaps_rollup"));
  return text ? memory::number_after(*text, "Pss_File:").value_or(0) : 0;
}

}  // namespace

void measure_base(const World& world, std::int64_t starter) {
  exchange(world);
  barrier(world);  // nobody has ended when others look: shared pages are divided among all
  const auto mine =
      world.together("read the memory of this process", [] { return memory::process_memory(); });
  const std::vector<std::uint64_t> pss = all_gather(world, mine ? mine->pss.value_or(mine->rss) : 0);
  const std::vector<std::uint64_t> tables = all_gather(world, mine ? mine->page_tables : 0);
  forecast::BasePoint point{world.size(), share_of(starter), 0};
  for (std::size_t rank = 0; rank < pss.size(); ++rank) {
    point.pss += pss[rank];
    point.page_tables += tables[rank];
  }
  world.print(forecast::calibration_line(point));
}

}  // namespace tutti::cli

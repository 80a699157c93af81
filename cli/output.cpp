#include "cli/output.hpp"

#include <algorithm>
#include <cstdio>

#include "tutti/comm/collectives.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::cli {

namespace {

std::string seconds_text(double seconds) { return fixed_text(seconds, 3) + " s"; }

}  // namespace

std::string number_text(const Scalar& value) {
  if (const auto* integer = std::get_if<Int128>(&value)) return text(*integer);
  const double number = std::get<double>(value);
  return text(number, " = ", hexfloat(number));
}

Memory memory_of(const World& world) {
  const memory::ProcessMemory mine = memory::process_memory().value_or(memory::ProcessMemory{});
  struct Bytes {
    std::int64_t peak, now;
  };
  // Gathered and not reduced: the trace of reductions holds results, and no measurements.
  const auto all = all_gather(world, Bytes{static_cast<std::int64_t>(mine.peak_rss),
                                           static_cast<std::int64_t>(mine.pss.value_or(mine.rss))});
  Memory result;
  std::vector<std::int64_t> nodes(static_cast<std::size_t>(world.nodes()), 0);
  for (int rank = 0; rank < world.size(); ++rank) {
    const Bytes& bytes = all[static_cast<std::size_t>(rank)];
    result.peak_rank_bytes = std::max(result.peak_rank_bytes, bytes.peak);
    nodes[static_cast<std::size_t>(world.node_of(rank))] += bytes.now;
  }
  result.node_pss_bytes = *std::max_element(nodes.begin(), nodes.end());
  return result;
}

Result::Result(const World& world, const Common& common) : world_(world), path_(common.output) {
  if (!path_) return;
  world.together("create " + *path_, [&] {
    if (world.rank() == 0) file_.emplace(*path_);
  });
}

void Result::print(const std::string& text) {
  if (path_)
    world_.together("write " + *path_, [&] {
      if (!file_) return;
      file_->write_at(0, std::as_bytes(std::span(text)));
      file_->commit();
    });
  world_.print(text);
}

void summarize(const World& world, const Common& common, Index n, const std::string& how,
               const Seconds& seconds, const Memory& memory) {
  if (world.rank() != 0 || common.quiet || common.json) return;
  const std::string line =
      text("n ", n, ", ", counted(world.size(), "rank"), " on ", counted(world.nodes(), "node"), ", ", how,
           "; read ", seconds_text(seconds.read), ", compute ", seconds_text(seconds.compute), ", reduce ",
           seconds_text(seconds.reduce), "; peak memory ",
           bytes_text(static_cast<std::uint64_t>(memory.peak_rank_bytes)), " a rank, ",
           bytes_text(static_cast<std::uint64_t>(memory.node_pss_bytes)), " a node\n");
  std::fputs(line.c_str(), stderr);
}

}  // namespace tutti::cli

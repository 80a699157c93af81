#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace tutti::cli {

namespace {

std::string place_text(const char* name, const std::optional<FilePlace>& found) {
  if (!found) return text(name, " = none, there are no elements\n");
  return text(name, " = ", number_text(found->value), " at index ", found->index, "\n");
}

}  // namespace

void stats(const World& world, const StatsCommand& command) {
  Result output(world, command.common);
  StreamOptions options;
  options.layout = command.layout;
  options.progress = progress_of(command.common, "stats");
  const FileStatistics result = statistics_of_file(world, command.x, options);
  const Memory memory = memory_of(world);
  if (command.common.json)
    output.print(stats_json(world, command, result, memory));
  else
    output.print(text("n = ", result.n, "\nsum = ", number_text(result.sum),
                      "\nmean = ", number_text(result.mean), "\nvariance = ", number_text(result.variance),
                      "\nnorm2 = ", number_text(result.norm2), "\nasum = ", number_text(result.asum), "\n",
                      place_text("min", result.min), place_text("max", result.max)));
  summarize(world, command.common, result.n, command.layout.name(), result.seconds, memory);
}

}  // namespace tutti::cli

#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace tutti::cli {

void dot(const World& world, const DotCommand& command) {
  Result output(world, command.common);
  StreamOptions options;
  options.layout = command.layout;
  options.rounded = command.rounded;
  options.progress = progress_of(command.common, "dot");
  const FileDot result = dot_of_files(world, command.a, command.b, options);
  const Memory memory = memory_of(world);
  if (command.common.json)
    output.print(dot_json(world, command, result, memory));
  else
    output.print(text("dot = ", number_text(result.value), "\n"));
  summarize(world, command.common, result.n, command.layout.name() + (command.rounded ? ", rounded" : ""),
            result.seconds, memory);
}

}  // namespace tutti::cli

#include "tutti/forecast/calibration.hpp"

#include <cctype>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/forecast/cache.hpp"
#include "tutti/launch/start.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::forecast {

namespace {

constexpr std::string_view line_head = "tutti-base";
constexpr std::string_view file_head = "tutti-base/1 ";
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 60U;

std::string file_prefix(const std::string& mpi) { return text("base-", mpi, "-"); }

std::string file_name(const std::string& mpi, const std::string& library) {
  std::string name = file_prefix(mpi);
  for (const char c : library)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' ? c : '_';
  return name + ".txt";
}

// "4 30093312 811008"
std::optional<BasePoint> parse_point(const std::vector<std::string_view>& words, std::size_t from) {
  if (words.size() != from + 3) return std::nullopt;
  const auto ranks = memory::natural_number(words[from]);
  const auto pss = memory::natural_number(words[from + 1]);
  const auto page_tables = memory::natural_number(words[from + 2]);
  if (!ranks || *ranks < 1 || *ranks > INT32_MAX || !pss || *pss == 0 || *pss > most_bytes || !page_tables ||
      *page_tables > most_bytes)
    return std::nullopt;
  return BasePoint{static_cast<int>(*ranks), *pss, *page_tables};
}

std::string numbers(const BasePoint& point) {
  return text(point.ranks, " ", point.pss, " ", point.page_tables);
}

std::optional<BasePoint> measure(const CalibrationRequest& request, int ranks) {
  launch::LaunchRequest launch;
  launch.ranks = ranks;
  launch.program = request.program;
  launch.mpiexec = request.mpiexec;
  const launch::LaunchPlan plan = launch::plan_launch(launch);
  std::vector<std::string> command{"env"};
  for (const launch::EnvironmentSetting& setting : plan.environment)
    command.push_back(text(setting.name, "=", setting.value));
  command.insert(command.end(), plan.command.begin(), plan.command.end());
  const auto output = launch::capture(command, request.seconds);
  if (!output) return std::nullopt;
  for (const std::string_view line : memory::lines(*output)) {
    const auto words = memory::words(line);
    if (words.empty() || words[0] != line_head) continue;
    const auto point = parse_point(words, 1);
    // Ranks that were started as programs of one rank each would say 1.
    return point && point->ranks == ranks ? point : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string calibration_line(const BasePoint& point) { return text(line_head, " ", numbers(point), "\n"); }

Base calibrate(const CalibrationRequest& request) {
  constexpr std::uint64_t enough_for_a_rank = std::uint64_t{64} << 20U;
  std::vector<BasePoint> points;
  for (const int ranks : {1, 2, 4, 8, 16}) {
    if (ranks > 1 && memory::available_bytes() < static_cast<std::uint64_t>(ranks) * enough_for_a_rank) break;
    const auto point = measure(request, ranks);
    if (!point) break;
    points.push_back(*point);
  }
  if (points.empty())
    throw LauncherError(
        text("calibration: ", printable(request.program.front()), " did not run on one rank within ",
             request.seconds, " s; does tutti doctor -n 1 work?"),
        {request.program.front(), {}});
  return {std::move(points), Origin::measured, request.library};
}

std::string base_text(const Base& base) {
  std::string out = text(file_head, printable(base.library()), "\n");
  for (const BasePoint& point : base.points()) out += numbers(point) + "\n";
  return out;
}

std::optional<Base> parse_base(std::string_view text) {
  if (!text.starts_with(file_head) || !text.ends_with('\n')) return std::nullopt;
  const auto lines = memory::lines(text.substr(0, text.size() - 1));
  const std::string library(lines[0].substr(file_head.size()));
  std::vector<BasePoint> points;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto point = parse_point(memory::words(lines[i]), 0);
    if (!point || (!points.empty() && point->ranks <= points.back().ranks)) return std::nullopt;
    points.push_back(*point);
  }
  if (points.empty() || library.empty()) return std::nullopt;
  return Base(std::move(points), Origin::measured, library);
}

std::string keep(const Base& base, const std::string& mpi) {
  return keep_cached(file_name(mpi, base.library()), base_text(base));
}

std::optional<Base> kept(const std::string& mpi, const std::string& library) {
  const auto name = library.empty() ? newest_cached(file_prefix(mpi)) : file_name(mpi, library);
  const auto found = name ? read_cached(*name) : std::nullopt;
  return found ? parse_base(*found) : std::nullopt;
}

}  // namespace tutti::forecast

#include "tutti/forecast/history.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "tutti/core/text.hpp"
#include "tutti/forecast/cache.hpp"
#include "tutti/forecast/calibration.hpp"
#include "tutti/forecast/forecast.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::forecast {

namespace {

constexpr const char* history_file = "history.txt";
constexpr std::size_t kept_runs = 200;
constexpr std::uint64_t worth_keeping = std::uint64_t{128} << 20U;

// "1127428915 1116691497 4 mpich pairs": forecast, measured, ranks, MPI, program (which may have spaces).
std::optional<double> error_of(std::string_view line) {
  const auto words = memory::words(line);
  if (words.size() < 5) return std::nullopt;
  const auto forecast = memory::natural_number(words[0]);
  const auto measured = memory::natural_number(words[1]);
  if (!forecast || !measured || *measured == 0) return std::nullopt;
  return Comparison{*forecast, *measured, {}}.error();
}

std::vector<std::string_view> readable_lines(std::string_view text) {
  std::vector<std::string_view> readable;
  for (const std::string_view line : memory::lines(text))
    if (error_of(line)) readable.push_back(line);
  return readable;
}

std::string add_to_history(const MemoryReport& report, const Comparison& comparison) {
  if (comparison.measured < worth_keeping) return "";
  const std::string before = read_cached(history_file).value_or("");
  const auto lines = readable_lines(before);
  std::string after;
  for (std::size_t i = lines.size() - std::min(lines.size(), kept_runs - 1); i < lines.size(); ++i)
    after += text(lines[i], "\n");
  after += text(comparison.forecast, " ", comparison.measured, " ", report.ranks, " ", printable(report.mpi),
                " ", printable(report.program), "\n");
  return keep_cached(history_file, after);
}

// The node with the largest PSS; nothing if there are no nodes.
const NodeMemory* fullest_node(const MemoryReport& report) {
  const auto fullest =
      std::max_element(report.nodes.begin(), report.nodes.end(),
                       [](const NodeMemory& a, const NodeMemory& b) { return a.pss < b.pss; });
  return fullest == report.nodes.end() ? nullptr : &*fullest;
}

// PSS of a node with so many ranks of that job.
std::uint64_t forecast_pss(const MemoryReport& report, int ranks_on_node, const Base& base) {
  const Forecast all = forecast::forecast({report.ranks, ranks_on_node, arrays_of(report)}, base);
  return all.total.node - all.page_tables.node;
}

}  // namespace

double Comparison::error() const {
  const auto value = static_cast<double>(forecast), truth = static_cast<double>(measured);
  return measured == 0 ? 0 : std::abs(value - truth) / truth;
}

Array unbooked(const MemoryReport& report, const Base& base) {
  Array array{"not in the books", memory::Category::buffer, 0, 1, block, Origin::assumed};
  const NodeMemory* node = fullest_node(report);
  if (node == nullptr) return array;
  const std::uint64_t expected = forecast_pss(report, node->ranks, base);
  const std::uint64_t beyond = node->pss - std::min(node->pss, expected);
  array.elements = static_cast<Index>(beyond / static_cast<std::uint64_t>(node->ranks));
  return array;
}

Comparison compare(const MemoryReport& report) {
  const NodeMemory* node = fullest_node(report);
  if (node == nullptr) return {0, 0, "nothing was measured"};
  const auto found = kept(report.mpi);
  const Base base = found ? *found : Base::assumed(launch::kind_of(report.mpi));
  Comparison comparison{forecast_pss(report, node->ranks, base), node->pss, {}};
  comparison.text =
      text("forecast ", bytes_text(comparison.forecast), ", measured ", bytes_text(comparison.measured),
           " on the fullest node: ", percent_text(comparison.error()),
           comparison.forecast < comparison.measured ? " too little" : " too much");
  if (!found) {
    comparison.text += " (what MPI takes is assumed; tutti plan measures it)";
    return comparison;
  }
  const std::string trouble = add_to_history(report, comparison);
  if (!trouble.empty()) comparison.text += "; " + trouble;
  return comparison;
}

PastErrors past_errors() {
  const std::string history = read_cached(history_file).value_or("");
  std::vector<double> errors;
  for (const std::string_view line : readable_lines(history)) errors.push_back(*error_of(line));
  if (errors.empty()) return {};
  std::sort(errors.begin(), errors.end());
  return {errors.size(), errors[errors.size() / 2], errors.back()};
}

std::string PastErrors::text() const {
  if (runs == 0) return "none yet";
  return tutti::text(counted(runs, "run"), " here: median ", percent_text(median), ", worst ",
                     percent_text(worst));
}

}  // namespace tutti::forecast

#include "cli/inspect_report.hpp"

#include <nlohmann/json.hpp>

#include "tutti/core/text.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::cli {

namespace {

using Json = nlohmann::ordered_json;
using inspect::NodeReport;
using inspect::ScanResult;

constexpr std::size_t most_rows_shown = 8;

std::string seconds_text(double seconds) { return fixed_text(seconds, 2) + " s"; }

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "0 %" : percent_text(static_cast<double>(part) / static_cast<double>(whole));
}

std::string right(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}
std::string left(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// "0-3,8"
std::string ranges(const std::vector<int>& ranks) {
  std::string out;
  for (std::size_t i = 0; i < ranks.size();) {
    std::size_t end = i;
    while (end + 1 < ranks.size() && ranks[end + 1] == ranks[end] + 1) ++end;
    out += text(out.empty() ? "" : ",", ranks[i], end > i ? "-" : "");
    if (end > i) out += text(ranks[end]);
    i = end + 1;
  }
  return out;
}

std::string place_text(const inspect::Row& row) {
  std::string name = printable(row.name.data());
  if (row.kind == inspect::MappingKind::file) return name;
  return name.empty() ? inspect::name(row.kind) : text(inspect::name(row.kind), " ", name);
}

std::string line(const std::string& what, const std::string& rest) {
  return text("  ", left(what, 26), rest, "\n");
}

std::string scan_lines(const NodeReport& report, const ScanResult& scan) {
  const double speed = scan.seconds > 0 ? static_cast<double>(scan.private_bytes) / scan.seconds : 0;
  std::string out =
      line("compared",
           text(bytes_text(scan.private_bytes), " of private pages at ", seconds_text(scan.memory.time),
                " (node then ", bytes_text(scan.memory.bytes), "), hashed in ", seconds_text(scan.seconds),
                ", ", bytes_text(static_cast<std::uint64_t>(speed)), "/s"));
  out += line(
      "", text(counted(report.scans, "scan"), ", program stopped for ", seconds_text(report.stopped_seconds),
               ", at most ", seconds_text(report.longest_stop_seconds), " at a time"));
  const std::size_t ranks = scan.ranks;
  out += line(text("same on all ", ranks, ranks == report.ranks.size() ? " ranks" : " compared"),
              text(right(bytes_text(scan.on_all), 11), "   one copy saves ", bytes_text(scan.saved_on_all)));
  if (ranks > 2)
    out += line("same on several ranks", text(right(bytes_text(scan.on_several), 11), "   one copy saves ",
                                              bytes_text(scan.saved_on_several)));
  out += line("together", text("one copy per node saves ", bytes_text(scan.saved()), ", ",
                               share_text(scan.saved(), scan.memory.bytes), " of the node's memory"));
  return out;
}

std::string where_lines(const ScanResult& scan) {
  std::string out;
  for (std::size_t i = 0; i < std::min(scan.rows.size(), most_rows_shown); ++i) {
    const inspect::Row& row = scan.rows[i];
    out += line(i == 0 ? "where" : "",
                text(right(bytes_text(row.on_all + row.on_several), 11), "   ", place_text(row)));
  }
  if (scan.rows.size() > most_rows_shown) {
    std::uint64_t rest = 0;
    for (std::size_t i = most_rows_shown; i < scan.rows.size(); ++i)
      rest += scan.rows[i].on_all + scan.rows[i].on_several;
    out +=
        line("", text(right(bytes_text(rest), 11), "   in ", scan.rows.size() - most_rows_shown, " others"));
  }
  return out;
}

std::string forecast_lines(const NodeReport& report) {
  std::string out = line("ranks on a node", text(right("memory", 11), right("with one copy", 16)));
  for (const inspect::NodeForecast& forecast : inspect::forecasts(report))
    out += line(right(text(forecast.ranks), 6),
                text(right(bytes_text(forecast.bytes), 11), right(bytes_text(forecast.one_copy), 16)));
  return out;
}

Json json_of(const ScanResult& scan) {
  Json rows = Json::array();
  for (const inspect::Row& row : scan.rows)
    rows.push_back({{"kind", inspect::name(row.kind)},
                    {"name", printable(row.name.data())},
                    {"on_all_bytes", row.on_all},
                    {"on_several_bytes", row.on_several},
                    {"saved_bytes", row.saved}});
  return {{"ranks", scan.ranks},
          {"at_seconds", scan.memory.time},
          {"memory_bytes", scan.memory.bytes},
          {"seconds", scan.seconds},
          {"private_bytes", scan.private_bytes},
          {"zero_bytes", scan.zero_bytes},
          {"skipped_address_bytes", scan.skipped_bytes},
          {"candidate_bytes", scan.candidates},
          {"on_all_bytes", scan.on_all},
          {"on_several_bytes", scan.on_several},
          {"saved_bytes", scan.saved()},
          {"stopped_seconds", scan.stopped_seconds},
          {"mappings", rows}};
}

}  // namespace

std::string inspect_text(const NodeReport& report) {
  const auto& peak = report.history.peak();
  std::string out = text("tutti inspect: node ", printable(report.node), ", ",
                         report.ranks.size() == 1 ? "rank " : "ranks ", ranges(report.ranks),
                         report.job_ranks > 0 ? text(" of ", report.job_ranks) : std::string(), ", ",
                         seconds_text(report.seconds), "\n");
  if (peak.bytes > 0)
    out += line(
        report.proportional ? "peak memory (PSS)" : "peak memory (RSS)",
        text(right(bytes_text(peak.bytes), 11), "   at ", seconds_text(peak.time),
             report.proportional ? ""
                                 : "; the PSS may not be read, and RSS counts shared pages on every rank"));
  if (!report.trouble.empty())
    out += text("  ", report.scan ? "not complete: " : "no comparison: ", report.trouble, "\n");
  if (!report.scan) return out;
  out += scan_lines(report, *report.scan) + where_lines(*report.scan);
  if (report.scan->on_all + report.scan->on_several > 0) out += forecast_lines(report);
  out += text("  A lower bound: counted is what is the same byte by byte in whole pages of ",
              bytes_text(memory::page_size()),
              ";\n  equal data that begin elsewhere in their page are not seen. Left out: ",
              bytes_text(report.scan->zero_bytes), " in pages of zeros.\n");
  return out;
}

std::string inspect_json(const NodeReport& report) {
  Json samples = Json::array();
  for (const inspect::MemorySample& sample : report.history.samples())
    samples.push_back(Json::array({sample.time, sample.bytes}));
  Json forecasts = Json::array();
  for (const inspect::NodeForecast& forecast : inspect::forecasts(report))
    forecasts.push_back(
        {{"ranks", forecast.ranks}, {"memory_bytes", forecast.bytes}, {"one_copy_bytes", forecast.one_copy}});
  const auto& peak = report.history.peak();
  Json object;
  object["schema"] = "tutti-inspect/1";
  object["node"] = printable(report.node);
  object["ranks"] = report.ranks;
  object["job_ranks"] = report.job_ranks;
  object["seconds"] = report.seconds;
  object["memory"] = {{"kind", report.proportional ? "pss" : "rss"},
                      {"peak_bytes", peak.bytes},
                      {"peak_at_seconds", peak.time},
                      {"samples", samples}};
  object["scans"] = {{"count", report.scans},
                     {"seconds", report.scan_seconds},
                     {"stopped_seconds", report.stopped_seconds},
                     {"longest_stop_seconds", report.longest_stop_seconds}};
  object["page_bytes"] = memory::page_size();
  object["scan"] = report.scan ? json_of(*report.scan) : Json(nullptr);
  object["at_other_rank_counts"] = forecasts;
  object["trouble"] = report.trouble.empty() ? Json(nullptr) : Json(report.trouble);
  return object.dump() + "\n";
}

}  // namespace tutti::cli

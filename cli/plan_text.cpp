#include "tutti/core/text.hpp"
#include "tutti/memory/text_table.hpp"

#include "cli/plan.hpp"

namespace tutti::cli {

namespace {

using forecast::Amount;
using forecast::Forecast;
using memory::Category;

std::string title(const Plan& plan) {
  const Forecast& forecast = plan.forecast;
  if (forecast.nodes == 1)
    return text(counted(forecast.ranks, "rank"), " on 1 node; ", printable(plan.library), "\n\n");
  return text(counted(forecast.ranks, "rank"), ", ", forecast.per_node, " on each of ", forecast.nodes,
              " nodes; ", printable(plan.library), "\n\n");
}

memory::TableRow row(std::string head, const Amount& amount, std::string origin) {
  return {std::move(head), bytes_text(amount.rank), bytes_text(amount.node), std::move(origin)};
}

std::string table(const Forecast& forecast) {
  std::vector<memory::TableRow> rows{{"", "fullest rank", "fullest node", ""}};
  for (std::size_t i = 0; i < memory::categories; ++i) {
    const auto category = static_cast<Category>(i);
    if (category == Category::program || forecast.of[i].node == 0) continue;
    rows.push_back(row(name(category), forecast.of[i], name(forecast.of[i].origin)));
  }
  rows.push_back(row("page tables", forecast.page_tables, name(forecast.page_tables.origin)));
  rows.push_back(row("program and MPI", forecast.of[static_cast<std::size_t>(Category::program)],
                     forecast.program_origin));
  rows.push_back(row("together", forecast.total, ""));
  return memory::table(rows, 1, 1);
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  return percent_text(whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole));
}

std::string largest(const Forecast& forecast) {
  constexpr std::size_t shown = 3;
  std::vector<memory::TableRow> rows;
  for (std::size_t i = 0; i < std::min(shown, forecast.parts.size()) && forecast.parts[i].bytes.node > 0;
       ++i) {
    const forecast::Part& part = forecast.parts[i];
    rows.push_back({i == 0 ? "largest on a node:" : "", printable(part.name), name(part.category),
                    bytes_text(part.bytes.node), share_text(part.bytes.node, forecast.total.node)});
  }
  return rows.empty() ? "" : "\n" + memory::table(rows, 3, 0);
}

std::string verdict(const Plan& plan) {
  const forecast::Room& room = plan.room;
  const std::uint64_t node = plan.forecast.total.node;
  std::string out = text("\n", name(plan.fit), ": ", bytes_text(node), " of ", bytes_text(room.usable()),
                         " (", share_text(node, room.usable()), ")");
  if (plan.fit == forecast::Fit::too_close)
    out += text(", less than the ", bytes_text(room.margin(node)), " by which the forecast may be wrong");
  out += text("; a node has ", bytes_text(room.limit.bytes), " (", printable(room.limit.origin), ")",
              room.all_of_the_node ? ", 1/32 of it is left to the system" : "");
  return out + "\n";
}

std::string change(const forecast::Remedy& remedy) {
  return text(remedy.change, ": ", bytes_text(remedy.node_bytes), " per node, ", name(remedy.fit), "\n");
}

std::string changes(const Plan& plan) {
  constexpr std::size_t shown = 4;
  const auto& remedies = plan.remedies;
  if (plan.fit == forecast::Fit::fits) return "";
  if (remedies.empty()) return "no change that is known here makes it smaller; use nodes with more memory\n";
  const bool enough = remedies[0].fit == forecast::Fit::fits;
  std::string out =
      text(enough ? "cheapest change: " : "no single change is enough; best: ", change(remedies[0]));
  for (std::size_t i = 1; i < std::min(shown, remedies.size()); ++i) out += "or: " + change(remedies[i]);
  return out;
}

}  // namespace

std::string plan_text(const Plan& plan) {
  std::string out =
      title(plan) + table(plan.forecast) + largest(plan.forecast) + verdict(plan) + changes(plan);
  out += "past forecasts: " + plan.past.text() + "\n";
  if (!plan.note.empty()) out += text("note: what MPI takes: ", plan.note, "\n");
  return out;
}

}  // namespace tutti::cli

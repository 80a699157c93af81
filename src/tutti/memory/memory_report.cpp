#include "tutti/memory/memory_report.hpp"

#include <algorithm>
#include <functional>

#include "tutti/core/text.hpp"
#include "tutti/memory/byte_size.hpp"
#include "tutti/memory/text_table.hpp"

namespace tutti {

namespace {

using memory::Category;
using memory::saturating_sum;
using Row = memory::TableRow;

std::string signed_bytes_text(std::int64_t bytes) {
  const auto magnitude = static_cast<std::uint64_t>(bytes);
  return bytes < 0 ? "-" + bytes_text(std::uint64_t{0} - magnitude) : bytes_text(magnitude);
}

// What stands over a column and in it: one node, or what many nodes come to.
struct Column {
  std::string title;
  NodeMemory memory;
};

// Nodes side by side as long as a line holds them; else the fullest, the emptiest, and all together.
std::vector<Column> columns(const std::vector<NodeMemory>& nodes) {
  constexpr std::size_t side_by_side = 4;
  std::vector<Column> columns;
  if (nodes.size() <= side_by_side) {
    for (const NodeMemory& node : nodes) columns.push_back({printable(node.name), node});
    return columns;
  }
  const auto [least, most] = std::minmax_element(
      nodes.begin(), nodes.end(), [](const NodeMemory& a, const NodeMemory& b) { return a.pss < b.pss; });
  columns.push_back({"most: " + printable(most->name), *most});
  columns.push_back({"least: " + printable(least->name), *least});
  NodeMemory all;
  for (const NodeMemory& node : nodes) {
    all.ranks += node.ranks;
    for (std::size_t i = 0; i < memory::categories; ++i)
      all.booked[i] = saturating_sum(all.booked[i], node.booked[i]);
    for (const auto member : {&NodeMemory::peak, &NodeMemory::start, &NodeMemory::pss, &NodeMemory::rss,
                              &NodeMemory::page_tables})
      all.*member = saturating_sum(all.*member, node.*member);
  }
  columns.push_back({"all nodes", all});
  return columns;
}

Row row_of(const std::vector<Column>& columns, std::string head, std::string explanation,
           const std::function<std::string(const NodeMemory&)>& cell) {
  Row row{std::move(head)};
  for (const Column& column : columns) row.push_back(cell(column.memory));
  row.push_back(std::move(explanation));
  return row;
}

void add_booked_rows(std::vector<Row>& rows, const std::vector<Column>& columns) {
  std::string head = "booked   ";
  for (std::size_t i = 0; i < memory::categories; ++i) {
    const auto category = static_cast<Category>(i);
    const bool shown = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
      return column.memory.booked[i] > 0 && category != Category::program;
    });
    if (!shown) continue;
    rows.push_back(row_of(columns, head + name(category), "",
                          [&](const NodeMemory& node) { return bytes_text(node.booked[i]); }));
    head = "         ";
  }
}

std::vector<Row> node_rows(const std::vector<Column>& columns) {
  Row titles{""};
  for (const Column& column : columns) titles.push_back(column.title);
  titles.emplace_back("");
  std::vector<Row> rows{titles};
  const auto add = [&](const char* head, const char* explanation, auto cell) {
    rows.push_back(row_of(columns, head, explanation, cell));
  };
  using Node = const NodeMemory&;
  add("ranks", "", [](Node node) { return tutti::text(node.ranks); });
  add("PSS", "what the node gave: a shared page counts once", [](Node node) { return bytes_text(node.pss); });
  add("RSS", "here it counts for each rank that has it", [](Node node) { return bytes_text(node.rss); });
  add("page tables", "in neither", [](Node node) { return bytes_text(node.page_tables); });
  add("start", "PSS before the first array: programs, libraries, MPI",
      [](Node node) { return bytes_text(node.start); });
  add_booked_rows(rows, columns);
  add("peak", "most that was booked at one time", [](Node node) { return bytes_text(node.peak); });
  add("unexplained", "PSS less start and booked",
      [](Node node) { return signed_bytes_text(node.unexplained()); });
  return rows;
}

std::vector<Row> holding_rows(const std::vector<JobHolding>& holdings) {
  std::vector<Row> rows{
      {"holding", "category", "layout", "elements", "bytes each", "largest rank", "largest node"}};
  const auto number_or_dash = [](bool known, auto number) {
    return known ? tutti::text(number) : std::string("-");
  };
  for (const JobHolding& holding : holdings)
    rows.push_back({printable(holding.name), name(holding.category),
                    holding.layout.empty() ? "-" : printable(holding.layout),
                    number_or_dash(holding.elements >= 0, holding.elements),
                    number_or_dash(holding.element_bytes > 0, holding.element_bytes),
                    bytes_text(holding.rank_bytes), bytes_text(holding.node_bytes)});
  return rows;
}

}  // namespace

std::uint64_t NodeMemory::booked_total() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < memory::categories; ++i)
    if (static_cast<Category>(i) != Category::program) total = memory::saturating_sum(total, booked[i]);
  return total;
}

std::int64_t NodeMemory::unexplained() const {
  return static_cast<std::int64_t>(pss - memory::saturating_sum(start, booked_total()));
}

std::string MemoryReport::text() const {
  std::string out = tutti::text("memory of ", printable(program), " on ", counted(ranks, "rank"), " of ",
                                printable(mpi), ", ", counted(nodes.size(), "node"), "\n\n");
  if (!nodes.empty()) out += memory::table(node_rows(columns(nodes)), 1, 1);
  if (!holdings.empty()) out += "\n" + memory::table(holding_rows(holdings), 3, 0);
  return out;
}

}  // namespace tutti

// The report as JSON: apart from its table because only this file sees the JSON library (2 s to compile).
#include <nlohmann/json.hpp>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/memory_report.hpp"

namespace tutti {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "tutti-memory/1";
// No node has 2^60 bytes; below that, sums of a few of them overflow nothing.
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 60U;

// One value of the document and its place in it, "nodes[2].pss_bytes", for the error messages.
class Value {
 public:
  Value(const Json& json, std::string place, const std::string& source)
      : json_(json), place_(std::move(place)), source_(source) {}

  Value operator[](const char* key) const {
    const std::string place = place_.empty() ? key : tutti::text(place_, ".", key);
    if (!json_.is_object()) refuse("is no object");
    const auto found = json_.find(key);
    if (found == json_.end()) Value(json_, place, source_).refuse("is missing");
    return {*found, place, source_};
  }

  template <class Read>
  auto each(Read read) const {
    if (!json_.is_array()) refuse("is no array");
    std::vector<decltype(read(*this))> all;
    for (std::size_t i = 0; i < json_.size(); ++i)
      all.push_back(read(Value(json_[i], tutti::text(place_, "[", i, "]"), source_)));
    return all;
  }

  std::string string() const {
    if (!json_.is_string()) refuse("is no text");
    return json_.get<std::string>();
  }

  std::uint64_t whole(std::uint64_t least, std::uint64_t most) const {
    if (!json_.is_number_unsigned() || json_.get<std::uint64_t>() < least ||
        json_.get<std::uint64_t>() > most)
      refuse(tutti::text("is no whole number from ", least, " to ", most));
    return json_.get<std::uint64_t>();
  }
  std::uint64_t bytes() const { return whole(0, most_bytes); }
  int ranks() const { return static_cast<int>(whole(1, INT32_MAX)); }
  bool is_null() const { return json_.is_null(); }

  [[noreturn]] void refuse(const std::string& problem) const {
    throw FormatError(tutti::text(printable(source_), ": ", place_.empty() ? "the document" : place_, " ",
                                  problem, "; give a memory report, schema ", schema),
                      {source_, {}});
  }

 private:
  const Json& json_;
  std::string place_;
  const std::string& source_;
};

NodeMemory node_from(const Value& value) {
  NodeMemory node;
  node.name = value["name"].string();
  node.ranks = value["ranks"].ranks();
  const Value booked = value["booked_bytes"];
  for (std::size_t i = 0; i < memory::categories; ++i)
    node.booked[i] = booked[name(static_cast<memory::Category>(i))].bytes();
  node.peak = value["peak_bytes"].bytes();
  node.start = value["start_bytes"].bytes();
  node.pss = value["pss_bytes"].bytes();
  node.rss = value["rss_bytes"].bytes();
  node.page_tables = value["page_table_bytes"].bytes();
  return node;
}

JobHolding holding_from(const Value& value) {
  JobHolding holding;
  holding.name = value["name"].string();
  const auto category = memory::category_of(value["category"].string());
  if (!category) value["category"].refuse("is no category of the ledger");
  holding.category = *category;
  const Value elements = value["elements"];
  holding.elements = elements.is_null() ? -1 : static_cast<Index>(elements.whole(0, INT64_MAX));
  holding.element_bytes = value["element_bytes"].whole(0, INT32_MAX);
  holding.layout = value["layout"].string();
  holding.rank_bytes = value["rank_bytes"].bytes();
  holding.node_bytes = value["node_bytes"].bytes();
  return holding;
}

Json json_of(const NodeMemory& node) {
  Json booked;
  for (std::size_t i = 0; i < memory::categories; ++i)
    booked[name(static_cast<memory::Category>(i))] = node.booked[i];
  return {{"name", node.name},
          {"ranks", node.ranks},
          {"start_bytes", node.start},
          {"booked_bytes", booked},
          {"peak_bytes", node.peak},
          {"pss_bytes", node.pss},
          {"rss_bytes", node.rss},
          {"page_table_bytes", node.page_tables},
          {"unexplained_bytes", node.unexplained()}};
}

Json json_of(const JobHolding& holding) {
  return {{"name", holding.name},
          {"category", name(holding.category)},
          {"elements", holding.elements < 0 ? Json() : Json(holding.elements)},
          {"element_bytes", holding.element_bytes},
          {"layout", holding.layout},
          {"rank_bytes", holding.rank_bytes},
          {"node_bytes", holding.node_bytes}};
}

Json parsed(std::string_view document, const std::string& source) {
  try {
    return Json::parse(document);
  } catch (const nlohmann::json::parse_error& error) {
    throw FormatError(tutti::text(printable(source), ": no JSON from byte ", error.byte,
                                  " on; give a memory report, schema ", schema),
                      {source, {static_cast<std::int64_t>(error.byte), 0}});
  } catch (const nlohmann::json::exception& error) {  // a number beyond all numbers, say
    throw FormatError(tutti::text(printable(source), ": ", printable(error.what()),
                                  "; give a memory report, schema ", schema),
                      {source, {}});
  }
}

}  // namespace

std::string MemoryReport::json() const {
  Json object{{"schema", schema}, {"program", program},     {"mpi", mpi},
              {"ranks", ranks},   {"nodes", Json::array()}, {"holdings", Json::array()}};
  for (const NodeMemory& node : nodes) object["nodes"].push_back(json_of(node));
  for (const JobHolding& holding : holdings) object["holdings"].push_back(json_of(holding));
  // Names may hold any bytes; what is not UTF-8 is no JSON.
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

MemoryReport MemoryReport::from_json(std::string_view text, const std::string& source) {
  const Json document = parsed(text, source);
  const Value value(document, "", source);
  if (value["schema"].string() != schema)
    value["schema"].refuse(tutti::text("is ", printable(value["schema"].string())));
  MemoryReport report;
  report.program = value["program"].string();
  report.mpi = value["mpi"].string();
  report.ranks = value["ranks"].ranks();
  report.nodes = value["nodes"].each(node_from);
  report.holdings = value["holdings"].each(holding_from);
  std::int64_t ranks = 0;
  for (const NodeMemory& node : report.nodes) ranks += node.ranks;
  if (ranks != report.ranks)
    value["ranks"].refuse(tutti::text("is ", report.ranks, ", but its nodes have ", ranks));
  return report;
}

}  // namespace tutti

#include "cli/json.hpp"

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

namespace tutti::cli {

namespace {

using Json = nlohmann::ordered_json;

// JSON has no NaN and no infinities: strings stand for them.
Json number(double value) {
  if (std::isfinite(value)) return value;
  return text(value);
}

// The library has no 128-bit integers: larger ones are marked, and their quotes taken off by dump().
constexpr std::string_view mark = "\u0001integer ";

Json number(Int128 value) {
  if (value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max())
    return static_cast<std::int64_t>(value);
  return text(mark, value);
}

std::string dump(const Json& json) {
  std::string out = json.dump();
  const std::string marked = "\"\\u0001integer ";
  for (auto at = out.find(marked); at != std::string::npos; at = out.find(marked, at)) {
    out.erase(at, marked.size());
    out.erase(out.find('"', at), 1);
  }
  return out + "\n";
}

std::string hex(Int128 value) {
  std::string digits;
  auto magnitude = value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[static_cast<unsigned>(magnitude & 15U)]);
    magnitude >>= 4U;
  } while (magnitude != 0);
  return (value < 0 ? "-0x" : "0x") + digits;
}
std::string hex(double value) { return hexfloat(value); }

void put(Json& object, const Scalar& value) {
  std::visit(
      [&](auto v) {
        object["value"] = number(v);
        object["hex"] = hex(v);
      },
      value);
}

Json with_hex(const Scalar& value) {
  Json object;
  put(object, value);
  return object;
}

Json place(const std::optional<FilePlace>& found) {
  if (!found) return nullptr;
  Json object = with_hex(found->value);
  object["index"] = found->index;
  return object;
}

void put_costs(Json& object, const Seconds& seconds, const Memory& memory) {
  object["seconds"] = {{"read", seconds.read}, {"compute", seconds.compute}, {"reduce", seconds.reduce}};
  object["memory"] = {{"peak_rank_bytes", memory.peak_rank_bytes}, {"node_pss_bytes", memory.node_pss_bytes}};
}

}  // namespace

std::string dot_json(const World& world, const DotCommand& command, const FileDot& result,
                     const Memory& memory) {
  Json object;
  object["schema"] = "tutti-dot/1";
  object["n"] = result.n;
  object["ranks"] = world.size();
  object["nodes"] = world.nodes();
  object["distribution"] = command.layout.name();
  object["rounded"] = command.rounded;
  put(object, result.value);
  put_costs(object, result.seconds, memory);
  return dump(object);
}

std::string stats_json(const World& world, const StatsCommand& command, const FileStatistics& result,
                       const Memory& memory) {
  Json object;
  object["schema"] = "tutti-stats/1";
  object["n"] = result.n;
  object["sum"] = with_hex(result.sum);
  object["mean"] = with_hex(result.mean);
  object["variance"] = with_hex(result.variance);
  object["norm2"] = with_hex(result.norm2);
  object["asum"] = with_hex(result.asum);
  object["min"] = place(result.min);
  object["max"] = place(result.max);
  object["ranks"] = world.size();
  object["nodes"] = world.nodes();
  object["distribution"] = command.layout.name();
  put_costs(object, result.seconds, memory);
  return dump(object);
}

std::string doctor_json(const Findings& findings) {
  Json object;
  object["schema"] = "tutti-doctor/1";
  for (const auto& section : findings) {
    Json& entries = object[section.first];
    entries = Json::object();
    for (const auto& entry : section.second) entries[entry.first] = entry.second;
  }
  return dump(object);
}

}  // namespace tutti::cli

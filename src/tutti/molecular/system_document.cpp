// A system as a TOML document has it.
#include <algorithm>
#include <cmath>
#include <set>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/toml.hpp"
#include "tutti/formats/particle.hpp"
#include "tutti/molecular/system_input.hpp"

namespace tutti::molecular {

namespace {

using files::Toml;

// A quantity that is above 0, or may be 0, too.
enum class Zero { refused, allowed };

double quantity(const Toml& node, Zero zero = Zero::refused) {
  const auto value = node.number();
  if (!value || !std::isfinite(*value) || *value < 0 || (*value == 0 && zero == Zero::refused))
    node.refuse(zero == Zero::allowed ? "is not a number from 0 on; give one"
                                      : "is not a number above 0; give one");
  return *value;
}

std::optional<double> quantity_in(const Toml& table, std::string_view key, Zero zero = Zero::refused) {
  const auto node = table.get(key);
  return node ? std::optional(quantity(*node, zero)) : std::nullopt;
}

std::string words_of(const Toml& node) {
  const auto words = node.text();
  if (!words) node.refuse("is no text; give it in quotes");
  return *words;
}

// A word that stands for a choice.
template <class Choice>
void choose(const Toml& table, std::string_view key, Choice (*named)(std::string_view), Choice& chosen) {
  const auto node = table.get(key);
  if (!node) return;
  try {
    chosen = named(words_of(*node));
  } catch (const UsageError& error) {
    node->refuse(text("is none; ", error.message()));
  }
}

const Units* units_called(std::string_view name) { return &units_named(name); }

bool mixes(std::string_view name) {
  if (name == "lorentz-berthelot") return true;
  if (name == "table") return false;
  throw UsageError("choose lorentz-berthelot or table");
}

std::array<double, axes> box_in(const Toml& node) {
  const auto edges = node.items();
  if (edges.size() != axes) node.refuse("is not three lengths; give them as [10.0, 10.0, 10.0]");
  return {quantity(edges[0]), quantity(edges[1]), quantity(edges[2])};
}

TypeInput type_in(const Toml& entry) {
  TypeInput type;
  const Toml name = entry.need("name");
  type.name = words_of(name);
  if (!formats::is_type_name(type.name))
    name.refuse("is no name of a type; give up to 64 letters without spaces");
  const Toml table = entry.called("type " + type.name);
  table.refuse_unknown({"name", "sigma", "epsilon", "cutoff", "mass"});
  type.sigma = quantity_in(table, "sigma");
  type.epsilon = quantity_in(table, "epsilon", Zero::allowed);
  type.cutoff = quantity_in(table, "cutoff");
  type.mass = quantity_in(table, "mass");
  return type;
}

std::size_t index_of(const Toml& node, const SystemInput& system) {
  const std::string name = words_of(node);
  for (std::size_t a = 0; a < system.types.size(); ++a)
    if (system.types[a].name == name) return a;
  node.refuse(text("is \"", printable(name), "\", which is the name of no [[type]]; describe it above"));
}

PairInput pair_in(const Toml& table, const SystemInput& system) {
  table.refuse_unknown({"types", "sigma", "epsilon", "cutoff"});
  const Toml types = table.need("types");
  const auto names = types.items();
  if (names.size() != 2) types.refuse("is not two names; give them as [\"A\", \"B\"]");
  PairInput pair;
  pair.types = {index_of(names[0], system), index_of(names[1], system)};
  if (pair.types[0] == pair.types[1]) types.refuse("are the same; describe like particles in their [[type]]");
  pair.sigma = quantity_in(table, "sigma");
  pair.epsilon = quantity_in(table, "epsilon", Zero::allowed);
  pair.cutoff = quantity_in(table, "cutoff");
  return pair;
}

Index count_in(const Toml& node) {
  const auto value = node.integer();
  if (!value || *value < 0) node.refuse("is no whole number from 0 on; give one");
  return *value;
}

DynamicsInput dynamics_in(const Toml& table) {
  if (!table.is_table()) table.refuse("is no table; write [dynamics]");
  table.refuse_unknown({"time-step", "steps", "temperature", "seed", "skin"});
  DynamicsInput dynamics;
  dynamics.time_step = quantity_in(table, "time-step");
  dynamics.temperature = quantity_in(table, "temperature", Zero::allowed);
  dynamics.skin = quantity_in(table, "skin");
  if (const auto node = table.get("steps")) dynamics.steps = count_in(*node);
  if (const auto node = table.get("seed")) dynamics.seed = static_cast<std::uint64_t>(count_in(*node));
  return dynamics;
}

// [[key]]
std::vector<Toml> tables_in(const Toml& table, std::string_view key) {
  const auto node = table.get(key);
  if (!node) return {};
  auto entries = node->items();
  if (!node->is_list()) node->refuse(text("is no list of tables; write [[", key, "]]"));
  for (const Toml& entry : entries)
    if (!entry.is_table()) entry.refuse(text("is no table; write [[", key, "]]"));
  return entries;
}

}  // namespace

SystemInput parse_system(std::string_view document, const std::string& source) {
  const Toml table = Toml::parse(document, source, "docs/molecular.md");
  table.refuse_unknown(
      {"units", "precision", "truncation", "cutoff", "box", "mixing", "type", "pair", "dynamics"});
  SystemInput system;
  choose(table, "units", units_called, system.units);
  choose(table, "precision", precision_named, system.precision);
  choose(table, "truncation", pair_ending_named, system.ending);
  choose(table, "mixing", mixes, system.mix);
  system.cutoff = quantity_in(table, "cutoff");
  if (const auto node = table.get("box")) system.box = box_in(*node);
  for (const Toml& entry : tables_in(table, "type")) {
    const TypeInput type = type_in(entry);
    for (const TypeInput& other : system.types)
      if (other.name == type.name) entry.need("name").refuse(text(printable(type.name), " is there twice"));
    if (system.types.size() == Interactions::most_types)
      entry.refuse(text("is one more than ", Interactions::most_types, "; describe fewer types"));
    system.types.push_back(type);
  }
  std::set<std::pair<std::size_t, std::size_t>> described;
  for (const Toml& entry : tables_in(table, "pair")) {
    const PairInput pair = pair_in(entry, system);
    if (!described.insert(std::minmax(pair.types[0], pair.types[1])).second)
      entry.need("types").refuse("are described twice; join both");
    system.pairs.push_back(pair);
  }
  if (const auto node = table.get("dynamics")) system.dynamics = dynamics_in(*node);
  return system;
}

}  // namespace tutti::molecular

// The description of a job as TOML: apart from job.cpp because only this file sees the TOML library.
#include <algorithm>
#include <array>
#include <string>

#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/forecast/job.hpp"
#include "tutti/memory/byte_size.hpp"

namespace tutti::forecast {

namespace {

using memory::Category;

// Says what is wrong with a node of the document, and where it is.
class Place {
 public:
  Place(const std::string& source, std::string what) : source_(source), what_(std::move(what)) {}

  [[noreturn]] void refuse(const toml::node& node, const std::string& problem) const {
    const auto line = static_cast<std::int64_t>(node.source().begin.line);
    throw FormatError(text(printable(source_), ": line ", line, ": ", what_, " ", problem),
                      {source_, {line, 0}});
  }
  Place operator[](std::string_view key) const {
    return {source_, what_.empty() ? printable(key) : text(what_, ": ", printable(key))};
  }
  const std::string& source() const { return source_; }

 private:
  const std::string& source_;
  std::string what_;
};

template <std::size_t n>
void refuse_unknown_keys(const toml::table& table, const std::array<std::string_view, n>& known,
                         const Place& place) {
  for (const auto& [key, value] : table) {
    const std::string_view name = key.str();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string names;
    for (const std::string_view one : known) names += (names.empty() ? "" : ", ") + std::string(one);
    place[name].refuse(value, "is no key here; give one of " + names);
  }
}

std::optional<int> ranks_in(const toml::table& table, std::string_view key, const Place& place) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < 1 || *value > INT32_MAX)
    place[key].refuse(*node, "is no number of ranks; give one from 1 on");
  return static_cast<int>(*value);
}

std::optional<std::uint64_t> bytes_in(const toml::table& table, std::string_view key, const Place& place) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const auto words = node->value_exact<std::string>();
  const auto bytes = words ? memory::parse_bytes(*words) : std::nullopt;
  if (!bytes || *bytes == 0)
    place[key].refuse(*node, "is no amount of memory; give one as \"256GB\" or \"4GiB\"");
  return bytes;
}

const toml::node& required(const toml::table& table, std::string_view key, const Place& place) {
  const toml::node* node = table.get(key);
  if (node == nullptr) place.refuse(table, text("has no ", key, "; give it one"));
  return *node;
}

std::string text_in(const toml::table& table, std::string_view key, const Place& place) {
  const toml::node& node = required(table, key, place);
  const auto words = node.value_exact<std::string>();
  if (!words || words->empty()) place[key].refuse(node, "is no text; give it in quotes");
  return *words;
}

// elements = 3000000, or shape = [1000000, 3]
Index elements_in(const toml::table& table, const Place& place) {
  const toml::node* shape = table.get("shape");
  const toml::node* count = table.get("elements");
  if ((shape == nullptr) == (count == nullptr))
    place.refuse(table, "has not one of elements and shape; give one of them");
  constexpr const char* problem =
      "is no number of elements; give whole numbers from 0 on, whose product is below 2^63";
  Index product = 1;
  const auto multiply = [&](const toml::node& node, std::string_view key) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0 || !multiply_fits(product, *value, product)) place[key].refuse(node, problem);
  };
  if (count != nullptr) {
    multiply(*count, "elements");
    return product;
  }
  if (shape->as_array() == nullptr) place["shape"].refuse(*shape, "is no list; give one as [1000000, 3]");
  for (const toml::node& factor : *shape->as_array()) multiply(factor, "shape");
  return product;
}

Layout layout_in(const toml::table& table, Category kind, const Place& place) {
  const toml::node* node = table.get("layout");
  if (node == nullptr) return block;
  if (kind != Category::distributed) place["layout"].refuse(*node, "is for distributed arrays; leave it out");
  try {
    return parse_layout(text_in(table, "layout", place));
  } catch (const UsageError&) {
    place["layout"].refuse(*node, "is none; give \"block\", \"cyclic\" or \"block-cyclic:K\" with K >= 1");
  }
}

Array array_in(const toml::table& table, const Place& list) {
  constexpr std::array<std::string_view, 6> keys{"name", "kind", "elements", "shape", "type", "layout"};
  Array array;
  array.name = text_in(table, "name", list);
  const Place place(list.source(), "array " + printable(array.name));
  refuse_unknown_keys(table, keys, place);
  const auto kind = parse_kind(text_in(table, "kind", place));
  if (!kind)
    place["kind"].refuse(required(table, "kind", place),
                         "is none; give distributed, node-shared, replicated, halo or buffer");
  const auto bytes = parse_element_bytes(text_in(table, "type", place));
  if (!bytes)
    place["type"].refuse(required(table, "type", place),
                         "is none; give one as float64, f4, int32 or 48B (bytes)");
  array.category = *kind;
  array.element_bytes = *bytes;
  array.elements = elements_in(table, place);
  array.layout = layout_in(table, *kind, place);
  return array;
}

toml::table parsed(std::string_view document, const std::string& source) {
  try {
    return toml::parse(document, source);
  } catch (const toml::parse_error& error) {
    const auto line = static_cast<std::int64_t>(error.source().begin.line);
    throw FormatError(text(printable(source), ": line ", line, ": no TOML: ", printable(error.description()),
                           "; the schema is in docs/memory.md"),
                      {source, {line, 0}});
  }
}

}  // namespace

Description parse_description(std::string_view document, const std::string& source) {
  constexpr std::array<std::string_view, 4> keys{"ranks", "per-node", "node-memory", "array"};
  const toml::table table = parsed(document, source);
  const Place place(source, "");
  refuse_unknown_keys(table, keys, place);
  Description description;
  description.ranks = ranks_in(table, "ranks", place);
  description.per_node = ranks_in(table, "per-node", place);
  description.node_memory = bytes_in(table, "node-memory", place);
  const toml::node* arrays = table.get("array");
  if (arrays == nullptr) return description;
  if (arrays->as_array() == nullptr) place["array"].refuse(*arrays, "is no list of tables; write [[array]]");
  for (const toml::node& node : *arrays->as_array()) {
    if (node.as_table() == nullptr) place["array"].refuse(node, "is no table; write [[array]]");
    description.arrays.push_back(array_in(*node.as_table(), Place(source, "array")));
  }
  return description;
}

}  // namespace tutti::forecast

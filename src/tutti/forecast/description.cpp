// The description of a job, as a TOML document has it.
#include <string>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/toml.hpp"
#include "tutti/forecast/job.hpp"
#include "tutti/memory/byte_size.hpp"

namespace tutti::forecast {

namespace {

using files::Toml;
using memory::Category;

std::optional<int> ranks_in(const Toml& table, std::string_view key) {
  const auto node = table.get(key);
  if (!node) return std::nullopt;
  const auto value = node->integer();
  if (!value || *value < 1 || *value > INT32_MAX) node->refuse("is no number of ranks; give one from 1 on");
  return static_cast<int>(*value);
}

std::optional<std::uint64_t> bytes_in(const Toml& table, std::string_view key) {
  const auto node = table.get(key);
  if (!node) return std::nullopt;
  const auto words = node->text();
  const auto bytes = words ? memory::parse_bytes(*words) : std::nullopt;
  if (!bytes || *bytes == 0) node->refuse("is no amount of memory; give one as \"256GB\" or \"4GiB\"");
  return bytes;
}

std::string text_in(const Toml& table, std::string_view key) {
  const Toml node = table.need(key);
  const auto words = node.text();
  if (!words || words->empty()) node.refuse("is no text; give it in quotes");
  return *words;
}

// elements = 3000000, or shape = [1000000, 3]
Index elements_in(const Toml& table) {
  const auto shape = table.get("shape");
  const auto count = table.get("elements");
  if (shape.has_value() == count.has_value())
    table.refuse("has not one of elements and shape; give one of them");
  Index product = 1;
  const auto multiply = [&](const Toml& node) {
    const auto value = node.integer();
    if (!value || *value < 0 || !multiply_fits(product, *value, product))
      node.refuse("is no number of elements; give whole numbers from 0 on, whose product is below 2^63");
  };
  if (count) {
    multiply(*count);
    return product;
  }
  if (!shape->is_list()) shape->refuse("is no list; give one as [1000000, 3]");
  for (const Toml& factor : shape->items()) multiply(factor);
  return product;
}

Layout layout_in(const Toml& table, Category kind) {
  const auto node = table.get("layout");
  if (!node) return block;
  if (kind != Category::distributed) node->refuse("is for distributed arrays; leave it out");
  try {
    return parse_layout(text_in(table, "layout"));
  } catch (const UsageError&) {
    node->refuse("is none; give \"block\", \"cyclic\" or \"block-cyclic:K\" with K >= 1");
  }
}

Array array_in(const Toml& entry) {
  Array array;
  array.name = text_in(entry, "name");
  const Toml table = entry.called("array " + printable(array.name));
  table.refuse_unknown({"name", "kind", "elements", "shape", "type", "layout"});
  const auto kind = parse_kind(text_in(table, "kind"));
  if (!kind) table.need("kind").refuse("is none; give distributed, node-shared, replicated, halo or buffer");
  const auto bytes = parse_element_bytes(text_in(table, "type"));
  if (!bytes) table.need("type").refuse("is none; give one as float64, f4, int32 or 48B (bytes)");
  array.category = *kind;
  array.element_bytes = *bytes;
  array.elements = elements_in(table);
  array.layout = layout_in(table, *kind);
  return array;
}

}  // namespace

Description parse_description(std::string_view document, const std::string& source) {
  const Toml table = Toml::parse(document, source, "docs/memory.md");
  table.refuse_unknown({"ranks", "per-node", "node-memory", "array"});
  Description description;
  description.ranks = ranks_in(table, "ranks");
  description.per_node = ranks_in(table, "per-node");
  description.node_memory = bytes_in(table, "node-memory");
  const auto arrays = table.get("array");
  if (!arrays) return description;
  if (!arrays->is_list()) arrays->refuse("is no list of tables; write [[array]]");
  for (const Toml& entry : arrays->items()) {
    if (!entry.is_table()) entry.refuse("is no table; write [[array]]");
    description.arrays.push_back(array_in(entry));
  }
  return description;
}

}  // namespace tutti::forecast

#include "tutti/forecast/job.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/byte_size.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::forecast {

namespace {

using memory::Category;

struct ElementName {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr std::array<ElementName, 34> element_names{
    {{"bool", 1},         {"int8", 1},    {"uint8", 1},     {"char", 1},      {"int16", 2},
     {"uint16", 2},       {"float16", 2}, {"int32", 4},     {"uint32", 4},    {"float32", 4},
     {"int", 4},          {"float", 4},   {"int64", 8},     {"uint64", 8},    {"float64", 8},
     {"long", 8},         {"double", 8},  {"complex64", 8}, {"float128", 16}, {"complex128", 16},
     {"long double", 16}, {"b1", 1},      {"i1", 1},        {"u1", 1},        {"i2", 2},
     {"u2", 2},           {"f2", 2},      {"i4", 4},        {"u4", 4},        {"f4", 4},
     {"i8", 8},           {"u8", 8},      {"f8", 8},        {"c16", 16}}};

// "30", "3e1": a whole number, with zeros as people write them.
std::optional<Index> factor(std::string_view word) {
  const std::size_t e = word.find_first_of("eE");
  const auto digits = memory::natural_number(word.substr(0, e));
  if (!digits || *digits > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  auto value = static_cast<Index>(*digits);
  if (e == std::string_view::npos) return value;
  const auto zeros = memory::natural_number(word.substr(e + 1));
  if (!zeros || *zeros > 18) return std::nullopt;
  for (std::uint64_t i = 0; i < *zeros; ++i)
    if (!multiply_fits(value, Index{10}, value)) return std::nullopt;
  return value;
}

// The parts between colons; the last one is what is left, colons and all: a layout may have one.
std::vector<std::string_view> parts_of(std::string_view text, std::size_t most) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < most && text.find(':') != std::string_view::npos) {
    parts.push_back(text.substr(0, text.find(':')));
    text.remove_prefix(text.find(':') + 1);
  }
  parts.push_back(text);
  return parts;
}

// A layout for any number of ranks; nothing for one that belongs to its ranks.
std::optional<Layout> general_layout(const std::string& name) {
  try {
    return name.empty() ? block : parse_layout(name);
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

// One name may stand for several arrays of the same kind, whose bytes the ledger adds up.
std::uint64_t copies_of(const JobHolding& holding, std::uint64_t bytes_of_one) {
  return bytes_of_one == 0 ? 1 : std::max<std::uint64_t>(1, holding.rank_bytes / bytes_of_one);
}

Array distributed(const JobHolding& holding, int ranks) {
  const auto layout = general_layout(holding.layout);
  if (holding.elements >= 0 && holding.element_bytes > 0 && layout) {
    const std::size_t local = Distribution(*layout, holding.elements, ranks).max_local_size();
    const std::uint64_t one = memory::saturating_product(local, holding.element_bytes);
    return {holding.name,     Category::distributed,
            holding.elements, memory::saturating_product(holding.element_bytes, copies_of(holding, one)),
            *layout,          Origin::computed};
  }
  const std::uint64_t all = memory::saturating_product(holding.rank_bytes, static_cast<std::uint64_t>(ranks));
  const auto elements = static_cast<Index>(std::min<std::uint64_t>(all, INT64_MAX));
  return {holding.name, Category::distributed, elements, 1, block, Origin::assumed};
}

}  // namespace

const char* name(Origin origin) {
  switch (origin) {
    case Origin::computed:
      return "computed";
    case Origin::measured:
      return "measured here";
    case Origin::assumed:
      break;
  }
  return "assumed";
}

std::optional<Index> parse_elements(std::string_view text) {
  Index product = 1;
  for (;;) {
    const std::size_t end = text.find('x');
    const auto value = factor(text.substr(0, end));
    if (!value || !multiply_fits(product, *value, product)) return std::nullopt;
    if (end == std::string_view::npos) return product;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint64_t> parse_element_bytes(std::string_view text) {
  const auto found = std::find_if(element_names.begin(), element_names.end(),
                                  [&](const ElementName& known) { return known.name == text; });
  if (found != element_names.end()) return found->bytes;
  if (!text.ends_with('B')) return std::nullopt;
  const auto bytes = memory::natural_number(text.substr(0, text.size() - 1));
  if (!bytes || *bytes < 1 || *bytes > INT32_MAX) return std::nullopt;
  return bytes;
}

std::optional<Category> parse_kind(std::string_view text) {
  const auto category = memory::category_of(text);
  return category == Category::program ? std::nullopt : category;
}

Array parse_array(std::string_view text, const std::string& option) {
  const auto refuse = [&](const std::string& problem) {
    return UsageError(tutti::text(option, " ", printable(text), ": ", problem), {option, {}});
  };
  const auto parts = parts_of(text, 5);
  if (parts.size() < 4)
    throw refuse("give NAME:KIND:ELEMENTS:TYPE, as in coordinates:replicated:1e6x3:float64");
  const auto quoted = [&](std::size_t i) { return printable(parts[i]); };
  if (parts[0].empty()) throw refuse("has no name before the first colon; give one");
  const auto kind = parse_kind(parts[1]);
  if (!kind)
    throw refuse(quoted(1) + " is no kind; give distributed, node-shared, replicated, halo or buffer");
  const auto elements = parse_elements(parts[2]);
  if (!elements)
    throw refuse(quoted(2) + " is no number of elements; give one below 2^63, or a shape: 3000000, 1e6x3");
  const auto bytes = parse_element_bytes(parts[3]);
  if (!bytes) throw refuse(quoted(3) + " is no type; give one as float64, f4, int32 or 48B (bytes)");
  if (parts.size() == 5 && *kind != Category::distributed)
    throw refuse(tutti::text("a layout is for distributed arrays; leave out :", quoted(4)));
  const auto layout = general_layout(parts.size() == 5 ? std::string(parts[4]) : std::string());
  if (!layout || (parts.size() == 5 && parts[4].empty()))
    throw refuse(quoted(4) + " is no layout; give block, cyclic or block-cyclic:K with K >= 1");
  return {std::string(parts[0]), *kind, *elements, *bytes, *layout, Origin::computed};
}

std::vector<Array> arrays_of(const MemoryReport& report) {
  std::uint64_t ranks_on_node = 1;
  for (const NodeMemory& node : report.nodes)
    ranks_on_node = std::max(ranks_on_node, static_cast<std::uint64_t>(node.ranks));
  std::vector<Array> arrays;
  for (const JobHolding& holding : report.holdings) {
    const auto whole = [&](std::uint64_t bytes, Origin origin) {
      const std::uint64_t each = std::max<std::uint64_t>(holding.element_bytes, 1);
      const std::uint64_t unit = bytes % each == 0 ? each : 1;
      const auto elements = static_cast<Index>(std::min<std::uint64_t>(bytes / unit, INT64_MAX));
      return Array{holding.name, holding.category, elements, unit, block, origin};
    };
    switch (holding.category) {
      case Category::program:
        break;  // the base has it
      case Category::distributed:
        arrays.push_back(distributed(holding, report.ranks));
        break;
      case Category::node_shared:
        arrays.push_back(whole(holding.node_bytes, Origin::computed));
        break;
      case Category::replicated:
        arrays.push_back(whole(holding.rank_bytes, Origin::computed));
        break;
      case Category::halo:
      case Category::buffer:
        arrays.push_back(whole((holding.node_bytes + ranks_on_node - 1) / ranks_on_node, Origin::assumed));
        break;
    }
  }
  return arrays;
}

}  // namespace tutti::forecast

#include "tutti/files/toml.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::files {

struct Toml::Node {
  enum class Kind : std::uint8_t { scalar, table, list };
  Kind kind = Kind::scalar;
  Index line = 0;
  std::variant<std::monostate, std::string, std::int64_t, double, bool>
      value;                      // of a scalar that is none: a date
  std::vector<std::string> keys;  // of a table, as many as children
  std::vector<Node> children;
};

struct Toml::Document {
  std::string source;
  Node root;
};

class Toml::Converter {
 public:
  static Node converted(const toml::node& from) {
    Node node;
    node.line = static_cast<Index>(from.source().begin.line);
    if (const auto* table = from.as_table()) {
      node.kind = Node::Kind::table;
      for (const auto& [key, child] : *table) {
        node.keys.emplace_back(key.str());
        node.children.push_back(converted(child));
      }
    } else if (const auto* list = from.as_array()) {
      node.kind = Node::Kind::list;
      for (const toml::node& child : *list) node.children.push_back(converted(child));
    } else {
      take(node, from.value_exact<std::string>());
      take(node, from.value_exact<std::int64_t>());
      take(node, from.value_exact<double>());
      take(node, from.value_exact<bool>());
    }
    return node;
  }

 private:
  template <class Value>
  static void take(Node& node, const std::optional<Value>& value) {
    if (value) node.value = *value;
  }
};

namespace {

// Tables within tables are handled by recursion, here and in the library.
void check_depth(std::string_view document, const std::string& source) {
  constexpr std::ptrdiff_t most = 1000;
  Index line = 1;
  while (!document.empty()) {
    const std::string_view text_of_line = document.substr(0, document.find('\n'));
    if (std::count(text_of_line.begin(), text_of_line.end(), '.') > most)
      throw FormatError(text(printable(source), ": line ", line, ": has more than ", most,
                             " points; give tables that are less deep"),
                        {source, {line, 0}});
    document.remove_prefix(std::min(text_of_line.size() + 1, document.size()));
    ++line;
  }
}

}  // namespace

Toml::Toml(std::shared_ptr<const Document> document, const Node* node, std::string what)
    : document_(std::move(document)), node_(node), what_(std::move(what)) {}

Toml Toml::parse(std::string_view document, const std::string& source, const std::string& schema) {
  check_depth(document, source);
  auto made = std::make_shared<Document>();
  made->source = source;
  try {
    const toml::table table = toml::parse(document, source);
    made->root = Converter::converted(table);
  } catch (const toml::parse_error& error) {
    const auto line = static_cast<Index>(error.source().begin.line);
    throw FormatError(tutti::text(printable(source), ": line ", line, ": no TOML: ",
                                  printable(error.description()), "; the schema is in ", schema),
                      {source, {line, 0}});
  }
  const Node* const root = &made->root;
  return {std::move(made), root, ""};
}

bool Toml::is_table() const { return node_->kind == Node::Kind::table; }
bool Toml::is_list() const { return node_->kind == Node::Kind::list; }

std::optional<std::string> Toml::text() const {
  const auto* value = std::get_if<std::string>(&node_->value);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Toml::integer() const {
  const auto* value = std::get_if<std::int64_t>(&node_->value);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<double> Toml::number() const {
  if (const auto* value = std::get_if<double>(&node_->value)) return *value;
  const auto whole = integer();
  return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

std::optional<bool> Toml::boolean() const {
  const auto* value = std::get_if<bool>(&node_->value);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<Toml> Toml::get(std::string_view key) const {
  const auto found = std::find(node_->keys.begin(), node_->keys.end(), key);
  if (found == node_->keys.end()) return std::nullopt;
  const Node* const child = &node_->children[static_cast<std::size_t>(found - node_->keys.begin())];
  return Toml(document_, child, what_.empty() ? printable(key) : tutti::text(what_, ": ", printable(key)));
}

Toml Toml::need(std::string_view key) const {
  const auto found = get(key);
  if (!found) refuse(tutti::text("has no ", key, "; give it one"));
  return *found;
}

void Toml::refuse_unknown(std::initializer_list<std::string_view> known) const {
  for (const std::string& key : node_->keys) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string names;
    for (const std::string_view one : known) names += tutti::text(names.empty() ? "" : ", ", one);
    const auto child = get(key);
    child->refuse(
        tutti::text("is no key here; did you mean ", nearest_word(key, known), "? give one of ", names));
  }
}

std::vector<Toml> Toml::items() const {
  std::vector<Toml> items;
  if (!is_list()) return items;
  for (const Node& child : node_->children) items.push_back(Toml(document_, &child, what_));
  return items;
}

Toml Toml::called(std::string what) const { return {document_, node_, std::move(what)}; }

void Toml::refuse(std::string_view problem) const {
  throw FormatError(tutti::text(printable(document_->source), ": line ", node_->line, ": ",
                                what_.empty() ? "the document" : what_, " ", problem),
                    {document_->source, {node_->line, 0}});
}

std::string_view nearest_word(std::string_view word, std::initializer_list<std::string_view> known) {
  constexpr std::size_t longest = 64;  // of which letters are compared
  const std::string_view from = word.substr(0, longest);
  std::string_view nearest;
  std::size_t least = SIZE_MAX;
  for (const std::string_view to : known) {
    // Row i: the distance of the first i letters of `from` to the first j of `to` (Damerau, Levenshtein).
    std::vector<std::size_t> before(to.size() + 1), last(to.size() + 1), row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
      std::swap(before, last);
      std::swap(last, row);
      row[0] = i;
      for (std::size_t j = 1; j <= to.size(); ++j) {
        const bool same = from[i - 1] == to[j - 1];
        row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
        if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
          row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    if (row[to.size()] >= least) continue;
    least = row[to.size()];
    nearest = to;
  }
  return nearest;
}

}  // namespace tutti::files

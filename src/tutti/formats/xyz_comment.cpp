#include "tutti/formats/xyz_comment.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "tutti/core/text.hpp"
#include "tutti/formats/checks.hpp"

namespace tutti::formats {

namespace {

constexpr std::string_view blanks = " \t";

struct Entry {
  std::string_view key, value;
};

// key=value, key="a value" or key alone.
std::vector<Entry> entries_of(const Lines& lines) {
  std::vector<Entry> entries;
  std::string_view rest = lines.line();
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    if (rest.empty()) return entries;
    const std::size_t end = std::min(rest.find_first_of("= \t"), rest.size());
    Entry entry{rest.substr(0, end), {}};
    rest.remove_prefix(end);
    if (rest.starts_with("=\"")) {
      rest.remove_prefix(2);
      std::size_t close = 0;
      while (close < rest.size() && rest[close] != '"') close += rest[close] == '\\' ? 2 : 1;
      if (close >= rest.size())
        lines.refuse(text("the value of ", quoted(entry.key), " has no closing quote"));
      entry.value = rest.substr(0, close);
      rest.remove_prefix(close + 1);
    } else if (rest.starts_with('=')) {
      rest.remove_prefix(1);
      entry.value = rest.substr(0, std::min(rest.find_first_of(blanks), rest.size()));
      rest.remove_prefix(entry.value.size());
    }
    entries.push_back(entry);
  }
}

std::vector<std::string_view> pieces(std::string_view value, std::string_view separators) {
  std::vector<std::string_view> found;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of(separators), value.size());
    if (end > 0 || separators == ":") found.push_back(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return found;
}

Vector edges_of(const Lines& lines, std::string_view value) {
  const auto words = pieces(value, blanks);
  if (words.size() != 9)
    lines.refuse(
        text("Lattice has ", words.size(), " numbers; give nine, as in Lattice=\"10 0 0 0 10 0 0 0 10\""));
  std::array<double, 9> matrix{};
  for (std::size_t k = 0; k < 9; ++k) matrix[k] = lines.number(words[k], "Lattice");
  for (std::size_t k = 0; k < 9; ++k)
    if (k % 4 != 0 && matrix[k] != 0)
      lines.refuse("Lattice is not rectangular; only boxes with edges along x, y and z can be computed");
  const Vector edges{matrix[0], matrix[4], matrix[8]};
  check_edges(lines, edges);
  return edges;
}

Vector corner_of(const Lines& lines, std::string_view value) {
  const auto words = pieces(value, blanks);
  if (words.size() != 3) lines.refuse(text("Origin has ", words.size(), " numbers; give three"));
  return lines.vector(words, 0, "Origin");
}

void check_periodic(const Lines& lines, std::string_view value) {
  for (const std::string_view word : pieces(value, blanks))
    if (word != "T" && word != "1" && word != "True" && word != "true")
      lines.refuse(text("pbc is ", quoted(value),
                        "; only boxes that are periodic along all axes, \"T T T\", "
                        "can be computed"));
}

// One entry of Properties.
struct Property {
  std::string_view name;
  std::string_view type;  // S, I, R or L
  std::size_t columns;
};

std::vector<Property> properties_of(const Lines& lines, std::string_view value) {
  const auto words = pieces(value, ":");
  if (words.empty() || words.size() % 3 != 0)
    lines.refuse(text("Properties are ", quoted(value), "; give name:type:columns of each"));
  constexpr Index most_columns = 10000;
  std::vector<Property> properties;
  for (std::size_t k = 0; k < words.size(); k += 3) {
    const Index columns = lines.integer(words[k + 2], "a number of columns");
    if (columns < 1 || columns > most_columns)
      lines.refuse(
          text("property ", quoted(words[k]), " has ", columns, " columns; give 1 to ", most_columns));
    if (words[k + 1].size() != 1 || std::string_view("SIRL").find(words[k + 1]) == std::string_view::npos)
      lines.refuse(
          text("property ", quoted(words[k]), " is of type ", quoted(words[k + 1]), "; give S, I, R or L"));
    properties.push_back({words[k], words[k + 1], static_cast<std::size_t>(columns)});
  }
  return properties;
}

XyzColumns columns_of(const Lines& lines, std::string_view value) {
  std::optional<std::size_t> type, position;
  XyzColumns columns;
  columns.count = 0;
  const auto take = [&](std::optional<std::size_t>& place, const Property& property, std::string_view kind,
                        std::size_t wanted) {
    if (place) lines.refuse(text("property ", quoted(property.name), " is there twice"));
    if (property.type != kind || property.columns != wanted)
      lines.refuse(text("property ", quoted(property.name), " is ", property.type, ':', property.columns,
                        "; give ", kind, ':', wanted));
    place = columns.count;
  };
  constexpr std::array<std::string_view, 4> velocities{"velo", "vel", "velocity", "velocities"};
  for (const Property& property : properties_of(lines, value)) {
    if (property.name == "species")
      take(type, property, "S", 1);
    else if (property.name == "pos")
      take(position, property, "R", 3);
    else if (property.name == "id")
      take(columns.id, property, "I", 1);
    else if (std::find(velocities.begin(), velocities.end(), property.name) != velocities.end())
      take(columns.velocity, property, "R", 3);
    columns.count += property.columns;
  }
  if (!type || !position) lines.refuse("Properties have not both species:S:1 and pos:R:3; give them");
  columns.type = *type;
  columns.position = *position;
  return columns;
}

}  // namespace

XyzComment read_xyz_comment(const Lines& lines) {
  XyzComment comment;
  if (lines.line().find("Lattice=") == std::string_view::npos &&
      lines.line().find("Properties=") == std::string_view::npos)
    return comment;
  comment.extended = true;
  std::optional<std::string_view> lattice, properties, origin, periodic;
  const std::array<std::pair<std::string_view, std::optional<std::string_view>*>, 4> known{
      {{"Lattice", &lattice}, {"Properties", &properties}, {"Origin", &origin}, {"pbc", &periodic}}};
  for (const Entry& entry : entries_of(lines))
    for (const auto& [key, value] : known) {
      if (entry.key != key) continue;
      if (*value) lines.refuse(text(key, " is there twice"));
      *value = entry.value;
    }
  if (lattice) comment.edges = edges_of(lines, *lattice);
  if (lattice && periodic) check_periodic(lines, *periodic);
  if (origin) comment.corner = corner_of(lines, *origin);
  if (properties) comment.columns = columns_of(lines, *properties);
  return comment;
}

}  // namespace tutti::formats

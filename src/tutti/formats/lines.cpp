#include "tutti/formats/lines.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::formats {

namespace {

constexpr std::string_view blanks = " \t";

files::LineReader reader_of(const Source& source) {
  const files::LineRules rules{.longest = longest_line, .expected = "lines of particles are expected here"};
  if (source.contents) return {files::LineReader::InMemory{*source.contents}, source.path, rules};
  return {source.path, source.path, rules};
}

// std::from_chars knows no "+1".
std::string_view without_plus(std::string_view field) {
  if (field.size() > 1 && field[0] == '+' && field[1] != '-' && field[1] != '+') field.remove_prefix(1);
  return field;
}

}  // namespace

bool is_type_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '"' && c != '#';
  });
}

std::string quoted(std::string_view words) {
  constexpr std::size_t longest = 60;
  return text('"', printable(words.substr(0, longest)), words.size() > longest ? "...\"" : "\"");
}

Lines::Lines(const Source& source) : reader_(reader_of(source)) {}

bool Lines::next() { return reader_.next(line_); }

void Lines::require(std::string_view what) {
  if (!next())
    throw FormatError(
        text(name(), ": ends behind line ", number(), ", where ", what, " should be; is the file cut off?"),
        {reader_.name(), {number(), 0}});
}

std::span<const std::string_view> Lines::split(Comments comments) {
  fields_.clear();
  std::string_view rest = line_;
  if (comments == Comments::hash) rest = rest.substr(0, rest.find('#'));
  while (true) {
    const std::size_t begin = rest.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return fields_;
    rest.remove_prefix(begin);
    const std::size_t end = std::min(rest.find_first_of(blanks), rest.size());
    fields_.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
}

bool Lines::is_blank() const { return line_.find_first_not_of(blanks) == std::string_view::npos; }

double Lines::number(std::string_view field, std::string_view what) const {
  const std::string_view digits = without_plus(field);
  double value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec == std::errc::result_out_of_range)
    refuse(text(what, " is ", quoted(field), ", which no 64-bit number holds; give it in other units"));
  if (result.ec != std::errc() || result.ptr != digits.data() + digits.size())
    refuse(text(what, " is ", quoted(field), "; give a number"));
  if (!std::isfinite(value)) refuse(text(what, " is ", quoted(field), "; give finite numbers"));
  return value;
}

Index Lines::integer(std::string_view field, std::string_view what) const {
  const std::string_view digits = without_plus(field);
  Index value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc() || result.ptr != digits.data() + digits.size())
    refuse(text(what, " is ", quoted(field), "; give a whole number below 2^63"));
  return value;
}

Vector Lines::vector(std::span<const std::string_view> fields, std::size_t first,
                     std::string_view what) const {
  return {number(fields[first], what), number(fields[first + 1], what), number(fields[first + 2], what)};
}

Index Lines::count(std::string_view field, std::size_t least) const {
  const Index value = integer(field, "the number of particles");
  if (value < 1) refuse(text("the number of particles is ", value, "; give at least 1"));
  const Index most = std::min((bytes() - place().offset + 1) / static_cast<Index>(least), most_particles);
  if (value > most)
    refuse(text("the number of particles is ", value, ", but the rest of the file holds ",
                std::max(most, Index{0}), " at most; is it cut off?"));
  return value;
}

void Lines::refuse(std::string_view problem) const {
  throw FormatError(text(name(), ": line ", number(), ": ", problem), {reader_.name(), {number(), 0}});
}

void Lines::refuse_file(std::string_view problem) const {
  throw FormatError(text(name(), ": ", problem), {reader_.name(), {}});
}

}  // namespace tutti::formats

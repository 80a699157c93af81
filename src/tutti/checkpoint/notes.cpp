#include "tutti/checkpoint/notes.hpp"

#include <limits>
#include <vector>

#include "tutti/checkpoint/manifest.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

namespace {

constexpr std::string_view exact_prefix = "exact sum ";  // then its bytes, as hexadecimal digits
constexpr std::string_view digits = "0123456789abcdef";

const char* kind(const Note& note) {
  constexpr const char* names[] = {"text", "an integer", "an integer", "a number", "true or false", "JSON"};
  return names[note.value().index()];
}

}  // namespace

Note::Note(const ExactSum& value) {
  std::string all(exact_prefix);
  for (const std::byte byte : value.to_bytes()) {
    all += digits[static_cast<unsigned>(byte) >> 4U];
    all += digits[static_cast<unsigned>(byte) & 15U];
  }
  value_ = std::move(all);
}

const Note& Notes::find(const std::string& name) const {
  const auto found = values_.find(name);
  if (found != values_.end()) return found->second;
  std::string names;
  for (const auto& [other, note] : values_) names += text(names.empty() ? "" : ", ", printable(other));
  throw FormatError(
      text(origin_, ": there is no note '", printable(name), "'; there is ", names.empty() ? "none" : names),
      {origin_, {}});
}

void Notes::refuse(const std::string& name, const char* wanted) const {
  throw FormatError(
      text(origin_, ": the note '", printable(name), "' is ", kind(find(name)), ", not ", wanted),
      {origin_, {}});
}

std::string Notes::text_of(const std::string& name) const {
  const auto* value = std::get_if<std::string>(&find(name).value());
  if (value == nullptr) refuse(name, "text");
  return *value;
}

bool Notes::truth(const std::string& name) const {
  const auto* value = std::get_if<bool>(&find(name).value());
  if (value == nullptr) refuse(name, "true or false");
  return *value;
}

// JSON has no NaN and no infinities: they are texts there.
double Notes::number(const std::string& name) const {
  const Note::Value& value = find(name).value();
  if (const auto* real = std::get_if<double>(&value)) return *real;
  constexpr auto exact = std::uint64_t{1} << 53U;
  if (const auto* whole = std::get_if<std::uint64_t>(&value); whole != nullptr && *whole <= exact)
    return static_cast<double>(*whole);
  if (const auto* negative = std::get_if<std::int64_t>(&value);
      negative != nullptr && *negative >= -Index{exact})
    return static_cast<double>(*negative);
  if (const auto* word = std::get_if<std::string>(&value)) {
    if (*word == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (*word == "inf") return std::numeric_limits<double>::infinity();
    if (*word == "-inf") return -std::numeric_limits<double>::infinity();
  }
  refuse(name, "a number");
}

ExactSum Notes::exact_sum(const std::string& name) const {
  const auto* value = std::get_if<std::string>(&find(name).value());
  if (value == nullptr || !value->starts_with(exact_prefix) || (value->size() - exact_prefix.size()) % 2 != 0)
    refuse(name, "an exact sum");
  std::vector<std::byte> bytes;
  for (std::size_t at = exact_prefix.size(); at < value->size(); at += 2) {
    const std::size_t high = digits.find((*value)[at]), low = digits.find((*value)[at + 1]);
    if (high >= digits.size() || low >= digits.size()) refuse(name, "an exact sum");
    bytes.push_back(static_cast<std::byte>(high << 4U | low));
  }
  try {
    return ExactSum::from_bytes(bytes);
  } catch (const FormatError&) {
    refuse(name, "an exact sum");
  }
}

JsonText Notes::json(const std::string& name) const { return {checkpoint::json_of(find(name))}; }

}  // namespace tutti

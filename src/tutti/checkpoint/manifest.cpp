// Apart from the rest because only this file sees the JSON library (2 s to compile).
#include "tutti/checkpoint/manifest.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "tutti/checkpoint/element_form.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/crc32.hpp"
#include "tutti/io/npy_header.hpp"

namespace tutti::checkpoint {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view family = "tutti-checkpoint/", schema = "tutti-checkpoint/1";
constexpr std::size_t longest_name = 100;
constexpr Index smallest_chunk = 4096, largest_chunk = Index{1} << 30U;

std::string quoted(const std::string& value) {
  try {
    return Json(value).dump();
  } catch (const Json::exception&) {
    throw UsageError(text("'", printable(value), "' is not UTF-8; notes of a checkpoint are JSON"));
  }
}

std::string number_text(double value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value < 0 ? "\"-inf\"" : "\"inf\"";
  std::string shortest = text(value);
  if (shortest.find_first_of(".e") == std::string::npos)
    shortest += ".0";  // else it would come back as an integer
  return shortest;
}

// "[1, 2, 3]", with line breaks where it is long.
template <class Number>
std::string list_text(const std::vector<Number>& numbers, std::size_t in_a_line) {
  std::string list = "[";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) list += i % in_a_line == 0 ? ",\n    " : ", ";
    list += text(numbers[i]);
  }
  return list + "]";
}

// The JSON library calls itself for what lies inside: a stack must not be too small for what strangers write.
bool is_too_deep(std::string_view text) {
  constexpr int most = 100;
  int depth = 0;
  bool inside = false;  // a text
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside && c == '\\') ++i;
    if (c == '"') inside = !inside;
    if (inside) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > most) return true;
  }
  return false;
}

std::uint32_t checksum(std::string_view text) { return files::crc32(std::as_bytes(std::span(text))); }

// The text before the line with the checksum, and that.
constexpr std::string_view checksum_member = " \"crc32\": ";

class Reader {
 public:
  Reader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  Manifest read(Sums sums) const {
    const Json json = document();
    Manifest manifest;
    manifest.step = whole(json, "step", 0, std::numeric_limits<Index>::max());
    manifest.chunk = whole(json, "chunk_bytes", smallest_chunk, largest_chunk);
    const Json& notes = member(json, "notes");
    if (!notes.is_object()) refuse("notes is no object");
    for (const auto& [name, value] : notes.items()) manifest.notes[name] = note(value);
    manifest.notes.set_origin(path_);
    const Json& arrays = member(json, "arrays");
    if (!arrays.is_array()) refuse("arrays is no array");
    std::set<std::string> names;
    for (const Json& array : arrays) {
      manifest.arrays.push_back(form(array));
      const ArrayForm& last = manifest.arrays.back();
      if (!names.insert(last.name).second) refuse(text("two arrays are called ", last.name));
      manifest.sums.push_back(sums == Sums::left_out ? std::vector<std::uint32_t>()
                                                     : sums_of(array, last, manifest.chunk));
    }
    return manifest;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem, std::int64_t reason = 0) const {
    throw FormatError(text(path_, ": ", problem), {path_, {reason, 0}});
  }

  Json document() const {
    require_checksum();
    if (is_too_deep(text_)) refuse("is nested too deeply");
    Json json;
    try {
      json = Json::parse(text_);
    } catch (const Json::exception&) {
      refuse("is damaged: it is not JSON");
    }
    const Json& found = member(json, "schema");
    const std::string name = found.is_string() ? found.get<std::string>() : std::string();
    if (!name.starts_with(family))
      refuse(text("is no manifest of a checkpoint: there is no schema ", schema));
    if (name != schema)
      refuse(text("has schema ", printable(name), ", which this version of tutti does not know; it knows ",
                  schema),
             unknown_schema);
    return json;
  }

  // Before anything in it is believed.
  void require_checksum() const {
    const std::size_t at = text_.rfind(checksum_member);
    const bool present = at != std::string_view::npos && at > 0 && text_[at - 1] == '\n';
    if (!present) refuse("is damaged: its end is missing");
    if (text_.substr(at) != text(checksum_member, checksum(text_.substr(0, at)), "\n}\n"))
      refuse("is damaged: its checksum does not fit");
  }

  const Json& member(const Json& json, const char* name) const {
    if (!json.is_object()) refuse("is damaged: an object was expected");
    const auto found = json.find(name);
    if (found == json.end()) refuse(text("is damaged: ", name, " is missing"));
    return *found;
  }

  Index whole(const Json& json, const char* name, Index least, Index most) const {
    return whole(member(json, name), text(name), least, most);
  }
  Index whole(const Json& value, const std::string& name, Index least, Index most) const {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < static_cast<std::uint64_t>(least) ||
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(most))
      refuse(text("is damaged: ", name, " is no whole number from ", least, " to ", most));
    return value.get<Index>();
  }

  std::string word(const Json& json, const char* name) const {
    const Json& value = member(json, name);
    if (!value.is_string()) refuse(text("is damaged: ", name, " is no text"));
    return value.get<std::string>();
  }

  static Note note(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) return value.get<double>();
    return JsonText{value.dump()};
  }

  ArrayForm form(const Json& array) const {
    ArrayForm form;
    form.name = word(array, "name");
    if (!is_array_name(form.name)) refuse(text("'", printable(form.name), "' is no name of an array"));
    form.dtype = word(array, "dtype");
    form.element_bytes = bytes_of_dtype(form.dtype);
    if (form.element_bytes == 0)
      refuse(text(form.name, " has the unknown dtype '", printable(form.dtype), "'"));
    const Json& shape = member(array, "shape");
    if (!shape.is_array() || shape.size() > io::most_dimensions) refuse(text(form.name, " has no shape"));
    constexpr Index most = std::numeric_limits<Index>::max() >> 1U;  // leaves room for a header
    auto bytes = static_cast<Index>(form.element_bytes);
    for (const Json& extent : shape) {
      form.shape.push_back(whole(extent, text("the shape of ", form.name), 0, most));
      if (form.shape.back() > 0 && (!multiply_fits(bytes, form.shape.back(), bytes) || bytes > most))
        refuse(text(form.name, " has an absurd shape, of more bytes than 64 bits count"));
    }
    return form;
  }

  std::vector<std::uint32_t> sums_of(const Json& array, const ArrayForm& form, Index chunk) const {
    const Json& list = member(array, "crc32");
    const Index chunks = chunks_of(form.bytes(), chunk);
    if (!list.is_array() || static_cast<Index>(list.size()) != chunks)
      refuse(text("is damaged: ", form.name, " needs ", counted(chunks, "checksum"), " and has ",
                  list.is_array() ? list.size() : 0));
    std::vector<std::uint32_t> sums;
    sums.reserve(list.size());
    for (const Json& sum : list)
      sums.push_back(static_cast<std::uint32_t>(
          whole(sum, text("a checksum of ", form.name), 0, std::numeric_limits<std::uint32_t>::max())));
    return sums;
  }

  std::string_view text_;
  const std::string& path_;
};

}  // namespace

Index ArrayForm::elements() const {
  if (std::count(shape.begin(), shape.end(), 0) > 0) return 0;
  return std::accumulate(shape.begin(), shape.end(), Index{1}, std::multiplies<>());
}

std::string ArrayForm::header() const { return io::format_npy_header(dtype, false, shape); }

bool is_array_name(std::string_view name) {
  constexpr std::string_view others = "_-.";
  return !name.empty() && name.size() <= longest_name && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

Index chunks_of(Index bytes, Index chunk) { return bytes / chunk + (bytes % chunk != 0 ? 1 : 0); }

std::string json_of(const Note& note) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) return quoted(value);
        if constexpr (std::is_same_v<T, double>) return number_text(value);
        if constexpr (std::is_same_v<T, JsonText>) {
          if (is_too_deep(value.text)) throw UsageError("JSON for a note is nested too deeply");
          try {
            return Json::parse(value.text).dump();
          } catch (const Json::exception&) {
            throw UsageError(text("'", printable(value.text.substr(0, longest_name)), "' is not JSON"));
          }
        }
        if constexpr (std::is_integral_v<T>) return text(value);
      },
      note.value());
}

std::string format_manifest(const Manifest& manifest, Sums sums) {
  std::string out = text("{\n \"schema\": \"", schema, "\",\n \"step\": ", manifest.step, ",\n \"notes\": {");
  const char* separator = "\n  ";
  for (const auto& [name, note] : manifest.notes) {
    out += text(separator, quoted(name), ": ", json_of(note));
    separator = ",\n  ";
  }
  out += text(manifest.notes.empty() ? "" : "\n ", "},\n \"chunk_bytes\": ", manifest.chunk,
              ",\n \"arrays\": [");
  separator = "\n  ";
  for (std::size_t i = 0; i < manifest.arrays.size(); ++i) {
    const ArrayForm& array = manifest.arrays[i];
    out += text(separator, "{\n   \"name\": ", quoted(array.name), ",\n   \"dtype\": ", quoted(array.dtype),
                ",\n   \"shape\": ", list_text(array.shape, io::most_dimensions));
    if (sums == Sums::present) out += text(",\n   \"crc32\": ", list_text(manifest.sums[i], 8));
    out += "\n  }";
    separator = ",\n  ";
  }
  out += text(manifest.arrays.empty() ? "" : "\n ", "],\n");
  return out + text(checksum_member, checksum(out), "\n}\n");
}

Manifest parse_manifest(std::string_view text, const std::string& path, Sums sums) {
  return Reader(text, path).read(sums);
}

}  // namespace tutti::checkpoint

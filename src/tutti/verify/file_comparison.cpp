#include "tutti/verify/file_comparison.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "tutti/files/file.hpp"

namespace tutti::verify {

namespace {

constexpr Index piece = 65536;
using Buffer = std::vector<unsigned char>;

void read(const files::InputFile& file, Index offset, Index count, Buffer& into) {
  into.resize(static_cast<std::size_t>(count));
  file.read_at(offset, std::as_writable_bytes(std::span(into)));
}

// The first byte that differs in [0, end) of both.
std::optional<Index> first_difference(const files::InputFile& a, const files::InputFile& b, Index end,
                                      const Rules& rules) {
  Buffer left;
  Buffer right;
  for (Index offset = 0; offset < end; offset += piece) {
    if (rules.between) rules.between();
    const Index count = std::min(piece, end - offset);
    read(a, offset, count, left);
    read(b, offset, count, right);
    const auto [here, there] = std::mismatch(left.begin(), left.end(), right.begin());
    if (here != left.end()) return offset + (here - left.begin());
  }
  return std::nullopt;
}

std::optional<FileDifference> compare_bytes(const Text& a, const Text& b, const Rules& rules,
                                            const std::optional<Elements>& elements) {
  const files::InputFile left(a.path);
  const files::InputFile right(b.path);
  const Index common = std::min(left.size(), right.size());
  const auto found = first_difference(left, right, common, rules);
  if (!found && left.size() == right.size()) return std::nullopt;
  ByteDifference difference{found.value_or(common), {}, {}, left.size(), right.size(), {}};
  Buffer byte;
  if (difference.offset < left.size()) read(left, difference.offset, 1, byte), difference.a = byte[0];
  if (difference.offset < right.size()) read(right, difference.offset, 1, byte), difference.b = byte[0];
  if (elements && difference.offset >= elements->offset)
    difference.element = (difference.offset - elements->offset) / static_cast<Index>(elements->size);
  return difference;
}

std::optional<FileDifference> compare_elements(const Elements& a, const Elements& b, Index count,
                                               const Rules& rules) {
  constexpr Index at_once = 8192;
  std::vector<double> left;
  std::vector<double> right;
  for (Index first = 0; first < count; first += at_once) {
    if (rules.between) rules.between();
    left.resize(static_cast<std::size_t>(std::min(at_once, count - first)));
    right.resize(left.size());
    a.read(first, left);
    b.read(first, right);
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!same(left[i], right[i], rules.tolerance))
        return ElementDifference{first + static_cast<Index>(i), left[i], right[i],
                                 distance(left[i], right[i])};
  }
  return std::nullopt;
}

std::optional<FileDifference> compare_binaries(const Text& a, const Text& b, const Rules& rules,
                                               const ElementsOf& elements_of) {
  const auto left = elements_of(a.path);
  const auto right = elements_of(b.path);
  const auto describe = [](const std::optional<Elements>& elements) {
    return elements ? elements->description : "no array";
  };
  if (describe(left) != describe(right)) return KindDifference{describe(left), describe(right)};
  if (!left || !left->read) return compare_bytes(a, b, rules, left);
  const Index bytes = files::InputFile(a.path).size() - left->offset;
  if (files::InputFile(b.path).size() - right->offset != bytes) return compare_bytes(a, b, rules, left);
  return compare_elements(*left, *right, bytes / static_cast<Index>(left->size), rules);
}

// Bytes of the UTF-8 sequence that begins with `lead`; 0 if none does.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

bool is_control(unsigned char byte) {
  constexpr unsigned char escape = 0x1b;
  return (byte < 0x20 && !(byte >= '\t' && byte <= '\r') && byte != escape) || byte == 0x7f;
}

}  // namespace

bool is_text(const std::string& path) {
  const files::InputFile file(path);
  Buffer bytes;
  read(file, 0, std::min(piece, file.size()), bytes);
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequence_length(bytes[i]);
    if (length == 0 || is_control(bytes[i])) return false;
    for (std::size_t j = i + 1; j < i + length; ++j) {
      if (j >= bytes.size()) return file.size() > piece;  // cut by us, or by the end of the file
      if ((bytes[j] & 0xc0U) != 0x80U) return false;
    }
    i += length;
  }
  return true;
}

std::optional<FileDifference> compare_files(const Text& a, const Text& b, const Rules& rules,
                                            const ElementsOf& elements_of) {
  const bool text_a = is_text(a.path);
  const bool text_b = is_text(b.path);
  if (text_a != text_b) {
    const auto kind = [](bool text) { return text ? "a text" : "binary"; };
    return KindDifference{kind(text_a), kind(text_b)};
  }
  if (!text_a) return compare_binaries(a, b, rules, elements_of);
  if (auto difference = compare_texts(a, b, rules)) return *difference;
  return std::nullopt;
}

FileCount count_file(const Text& file, const Rules& rules) {
  FileCount result{is_text(file.path), {}, files::InputFile(file.path).size()};
  if (result.is_text) result.text = count(file, rules);
  return result;
}

}  // namespace tutti::verify

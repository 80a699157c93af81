// Two files that two runs wrote: as text, as arrays of numbers, or as bytes.
#pragma once

#include <functional>
#include <span>
#include <variant>

#include "tutti/verify/text_comparison.hpp"

namespace tutti::verify {

/// Numbers that a binary file holds, one after another up to its end.
struct Elements {
  Index offset = 0;         ///< byte where they begin
  std::size_t size = 1;     ///< bytes of each
  std::string description;  ///< type and shape: "<f8 (100, 3)"
  /// Reads elements from `first` on, all values exact; empty for types without floating point.
  std::function<void(Index first, std::span<double> out)> read;
};

/// What knows the files that hold elements: .npy files are read in a room above this one.
/// @return nothing for any other file
using ElementsOf = std::function<std::optional<Elements>(const std::string& path)>;

struct ByteDifference {
  Index offset = 0;              ///< first byte that differs; the end of the shorter file
  std::optional<int> a, b;       ///< the bytes; nothing behind the end
  Index size_a = 0, size_b = 0;  ///< of the files
  std::optional<Index> element;  ///< the element that holds the byte, where there are elements
};

struct ElementDifference {
  Index element = 0;  ///< position in the file, from 0
  double a = 0, b = 0;
  Distance apart;
};

/// Not even the same kind of file, or other types and shapes.
struct KindDifference {
  std::string a, b;
};

using FileDifference = std::variant<TextDifference, ByteDifference, ElementDifference, KindDifference>;

/// The first difference; nothing if the files are the same: texts by the rules, numbers of .npy files by the
/// tolerance, anything else byte by byte. Reads in pieces of 64 KiB.
std::optional<FileDifference> compare_files(const Text& a, const Text& b, const Rules& rules,
                                            const ElementsOf& elements_of);

/// What there is to compare: lines and numbers of a text, else bytes.
struct FileCount {
  bool is_text = false;
  TextCount text;
  Index bytes = 0;
};
FileCount count_file(const Text& file, const Rules& rules);

/// Whether a file is a text: valid UTF-8 without control characters but \t \n \v \f \r and ESC, as far as its
/// first 64 KiB tell.
bool is_text(const std::string& path);

}  // namespace tutti::verify

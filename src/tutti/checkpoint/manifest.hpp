// The manifest of a checkpoint: what is in it, and the checksums by which damage is found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/checkpoint/notes.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::checkpoint {

inline constexpr const char* manifest_name = "manifest.json";
inline constexpr Index chunk_bytes = Index{4} << 20U;  ///< in those that we write

/// An array as its file has it: "NAME.npy", in C order.
struct ArrayForm {
  std::string name;
  std::string dtype;          ///< NumPy's notation
  std::vector<Index> shape;   ///< of the whole array
  std::size_t element_bytes;  ///< of the dtype

  std::string file() const { return name + ".npy"; }
  Index elements() const;
  Index bytes() const { return elements() * static_cast<Index>(element_bytes); }
  std::string header() const;  ///< of the file
};

struct Manifest {
  Index step = 0;
  Notes notes;
  Index chunk = chunk_bytes;
  std::vector<ArrayForm> arrays;
  /// CRC-32 of each chunk of each array: of the bytes of its numbers, without the header. Empty where the
  /// checksums were left out.
  std::vector<std::vector<std::uint32_t>> sums;
};

/// Letters, digits, '_', '-', '.', not at the beginning '.', at most 100: the name of a file on any system.
bool is_array_name(std::string_view name);

/// Chunks of an array of so many bytes.
Index chunks_of(Index bytes, Index chunk);

enum class Sums : bool { present, left_out };

/// The same bytes for the same contents. Its last line but one has the CRC-32 of all before it.
std::string format_manifest(const Manifest& manifest, Sums sums = Sums::present);

/// @param path  what errors call it; strangers write manifests
/// @throws FormatError for anything else than format_manifest() writes, up to members that it does not know,
/// spaces and the order of members; its data().number[0] is unknown_schema for one of a later schema.
Manifest parse_manifest(std::string_view text, const std::string& path, Sums sums = Sums::present);
inline constexpr std::int64_t unknown_schema = -1;

/// A note as JSON. @throws UsageError if it is none, or a text that is not UTF-8.
std::string json_of(const Note& note);

}  // namespace tutti::checkpoint

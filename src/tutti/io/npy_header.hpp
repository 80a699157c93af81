// The header of NumPy's .npy files, versions 1.0, 2.0 and 3.0.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html (NEP 1).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/io/element_type.hpp"

namespace tutti::io {

/// What a header says.
struct NpyHeader {
  DataType type;
  bool fortran_order = false;  ///< the first index varies fastest in the file; else the last (C order)
  std::vector<Index> shape;    ///< extent of each dimension; empty for a single number (0-d)
  Index data_offset = 0;       ///< byte of the file where the numbers begin

  /// Elements: the product of the shape. 1 for 0-d, 0 if a dimension is 0.
  Index size() const;
};

/// More dimensions than any NumPy has (32, from 2.0 on 64) are nonsense.
inline constexpr std::size_t most_dimensions = 64;

/// The longest header that is read, in bytes. The types that we read need less than 1700.
inline constexpr std::size_t longest_npy_header = 65536;

/// The header in the first bytes of a file. Strangers write headers: nothing is read outside `beginning`, and
/// nothing is allocated by a length that the header states.
/// @param beginning  the file's first 12 + longest_npy_header bytes, or the whole file if it is shorter
/// @param path       what errors call the file
/// @throws FormatError for everything else than a complete header of a type that we read, with a product of
///         the nonzero dimensions that 64 bits hold in bytes.
NpyHeader parse_npy_header(std::span<const std::byte> beginning, const std::string& path);

/// Whether bytes begin as a .npy file does.
bool has_npy_magic(std::span<const std::byte> beginning);

/// The header as numpy.save writes it, byte for byte (NumPy 1.23 or later, with its room for a growing first
/// dimension): version 1.0, as long as a multiple of 64. An array that has one memory order is called C
/// order. `data_offset` is not used: it is the length of the result.
/// @throws InternalError for a shape that parse_npy_header() would refuse.
std::string format_npy_header(const NpyHeader& header);
/// The same for any type in NumPy's notation, also one that is not calculated with: "<c16", "|V24".
std::string format_npy_header(std::string_view notation, bool fortran_order, const std::vector<Index>& shape);

/// True if C and Fortran order of such an array are the same: at most one dimension is longer than 1, or one
/// is 0.
bool has_one_order(const std::vector<Index>& shape);

}  // namespace tutti::io

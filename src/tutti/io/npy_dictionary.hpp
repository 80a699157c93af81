// Internal: the Python dictionary in a .npy header.
#pragma once

#include <string>
#include <string_view>

#include "tutti/io/npy_header.hpp"

namespace tutti::io {

/// What the dictionary says: the subset of Python's literals that NumPy (also under Python 2) writes for
/// arrays of plain numbers, in any spelling of it. Whether the shape is sane, and data_offset, are the
/// caller's.
///   {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
/// @throws FormatError for everything else: other, missing or repeated entries, escapes, expressions.
NpyHeader parse_npy_dictionary(std::string_view source, const std::string& path);

}  // namespace tutti::io

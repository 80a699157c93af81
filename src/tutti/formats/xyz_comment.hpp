// The second line of an XYZ frame: free text, or the keys of extended XYZ, Lattice="..."
// Properties=species:S:1:pos:R:3. https://github.com/libAtoms/extxyz describes them.
#pragma once

#include <cstddef>
#include <optional>

#include "tutti/formats/lines.hpp"

namespace tutti::formats {

/// Where in a line of a particle something stands.
struct XyzColumns {
  std::size_t count = 4;  ///< of all columns
  std::size_t type = 0;
  std::size_t position = 1;
  std::optional<std::size_t> id = std::nullopt;
  std::optional<std::size_t> velocity = std::nullopt;
};

struct XyzComment {
  bool extended = false;
  std::optional<Vector> edges = std::nullopt;
  Vector corner{};
  XyzColumns columns = {};
};

/// Of the present line. A line without Lattice= and Properties= is free text.
/// @throws FormatError for keys that cannot be read, tilted boxes, and directions that are not periodic
XyzComment read_xyz_comment(const Lines& lines);

}  // namespace tutti::formats

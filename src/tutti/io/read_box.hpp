// Reading arrays by index, whatever their memory order.
#pragma once

#include <span>

#include "tutti/io/npy_file.hpp"
#include "tutti/io/tiles.hpp"

namespace tutti::io {

/// Reads a box of the array into `out`, in C order of the box, from a file of either memory order: so a
/// C-order and a Fortran-order file of equal shape give matching elements. Reads whole runs where they are
/// long, and larger pieces, from which it picks, where they are short. Needs as much memory again as `out`
/// for a Fortran-order file (it is transposed), and at most 512 KiB.
/// @param box  inside file.shape(), with as many dimensions
/// @param out  box.size() elements
/// @throws as ArrayFile::read(); InternalError for a box outside the array or another size of `out`.
template <ComputeType T>
void read_box(const ArrayFile& file, const Box& box, std::span<T> out);

/// read_box() of tile k, into the first elements of `buffer` (at least grid.largest()). @return the tile's
/// part of the buffer. The grid's shape is the file's.
template <ComputeType T>
std::span<T> read_tile(const ArrayFile& file, const TileGrid& grid, Index k, std::span<T> buffer) {
  const Box box = grid.tile(k);
  const auto part = buffer.first(checked_cast<std::size_t>(box.size()));
  read_box(file, box, part);
  return part;
}

/// Reads the elements of C-order index first, first + 1, ... until `out` is full, from a file of either
/// memory order. From a C-order file: ArrayFile::read(). From a Fortran-order file: as tiles of at most
/// usual_tile_elements, transposed; memory beyond `out` is at most that of a tile and 512 KiB. Long ranges
/// are fast; a range within one row of a long array costs a read for each element (read tiles instead).
/// @throws as ArrayFile::read().
template <ComputeType T>
void read_logical(const ArrayFile& file, Index first, std::span<T> out);

}  // namespace tutti::io

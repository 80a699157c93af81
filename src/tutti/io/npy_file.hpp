// Arrays in files: .npy and raw. No collective calls here: each rank opens the file and reads what it needs.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/files/file.hpp"
#include "tutti/io/convert.hpp"
#include "tutti/io/element_type.hpp"
#include "tutti/io/npy_header.hpp"

namespace tutti {

/// An array of numbers in a file, open for reading. Holds the header, never the numbers; movable.
/// Elements are numbered here by their *position* in the file, from 0. In a C-order file this is the C-order
/// index; in a Fortran-order file it is not (io/tiles.hpp maps, io/read_box.hpp reads by index).
class ArrayFile {
 public:
  const std::string& path() const { return input_.path(); }
  const files::InputFile& input() const { return input_; }
  /// Extent of each dimension: empty for a single number; a raw file has one dimension.
  const std::vector<Index>& shape() const { return header_.shape; }
  /// Elements: the product of the shape.
  Index size() const { return size_; }
  DataType type() const { return header_.type; }
  /// True if the order in the file is Fortran's and differs from C's: the first index varies fastest.
  bool fortran_order() const { return header_.fortran_order; }
  /// Byte of the file where the numbers begin.
  Index data_offset() const { return header_.data_offset; }

  /// Reads the elements at positions first, first + 1, ... until `out` is full; values are exact. Straight
  /// into `out` where the file holds a T of this machine's byte order, else through 64 KiB of scratch.
  /// @throws FormatError if a T cannot hold the file's type exactly (int64 as double; double as float), also
  /// for
  ///         an empty `out`; ShapeError for positions outside the file; IoError if the file shrinks or fails.
  template <ComputeType T>
  void read(Index first, std::span<T> out) const;

  /// @throws FormatError as read<T>() would, without reading.
  void require_exact(ElementType target) const;

  /// @throws ShapeError unless the elements first .. first + count - 1 lie inside the array.
  void require_range(Index first, Index count) const;

  /// @throws IoError if the file's size is no longer what it was when it was opened.
  void require_unchanged() const { input_.require_unchanged(); }

  friend ArrayFile open_npy(const std::string& path);
  friend ArrayFile open_raw(const std::string& path, DataType type, Index byte_offset);

 private:
  ArrayFile(files::InputFile input, io::NpyHeader header);

  files::InputFile input_;
  io::NpyHeader header_;
  Index size_;
};

/// Opens a .npy file. Its size must be what its header says, exactly: a shorter file was truncated; a longer
/// one holds numbers that its header does not know of (a writer died before it updated the header, or several
/// arrays lie one after another). NumPy would silently leave those out; we would silently add up too little.
/// @throws FileError if it cannot be opened; FormatError for a header or size that is not right.
ArrayFile open_npy(const std::string& path);

/// Opens a file of nothing but numbers, of one dimension: all that lie behind `byte_offset`.
/// @param byte_offset  bytes to leave out at the beginning, >= 0; need not be a multiple of anything
/// @throws FileError if it cannot be opened; FormatError if the offset lies outside the file, the bytes
/// behind
///         it are not a whole number of elements, or the file is a .npy file and the offset lies in its
///         header.
ArrayFile open_raw(const std::string& path, DataType type, Index byte_offset = 0);

/// A .npy file by its path:  const NpyFile file("a.npy");  file.read(0, std::span(values));
class NpyFile : public ArrayFile {
 public:
  explicit NpyFile(const std::string& path) : ArrayFile(open_npy(path)) {}
};

}  // namespace tutti

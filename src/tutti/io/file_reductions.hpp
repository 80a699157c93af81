// Reductions of files that are streamed, not stored: a rank needs a few MiB, whatever the size of the files.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "tutti/comm/world.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/layout.hpp"
#include "tutti/io/npy_file.hpp"

namespace tutti {

/// A file of numbers: .npy, or raw with a stated type.
struct FileSource {
  std::string path;
  std::optional<DataType> raw_type = std::nullopt;  ///< given: the file has no header
  Index raw_offset = 0;                             ///< bytes to leave out at the beginning of a raw file

  ArrayFile open() const { return raw_type ? open_raw(path, *raw_type, raw_offset) : open_npy(path); }
};

/// A result whose type only the file knows: a number, or an integer where all inputs are integers.
using Scalar = std::variant<double, Int128>;

/// Seconds of the slowest rank.
struct Seconds {
  double read = 0;
  double compute = 0;
  double reduce = 0;  ///< waiting for the other ranks included
};

struct StreamOptions {
  Layout layout = block;  ///< who reads what; shows in no exact result
  bool rounded = false;   ///< the ordinary floating-point order instead
  std::function<void(double fraction)>
      progress;  ///< called now and then on rank 0, with the part done, 0 .. 1
};

struct FileDot {
  Index n = 0;  ///< elements of each file
  Scalar value;
  Seconds seconds;
};

/// Collective. The dot product of two files, as dot() of reductions.hpp defines it; element by element by
/// index, also where one file is in C order and the other in Fortran order. Any mixture of types. At most 20
/// MiB a rank.
/// @throws FileError, FormatError, IoError of any rank; ShapeError for unequal shapes: on all ranks.
FileDot dot_of_files(const World& world, const FileSource& a, const FileSource& b,
                     const StreamOptions& options = {}, Site site = {});

/// An element of a file and its C-order index.
struct FilePlace {
  Scalar value;
  Index index;
};

struct FileStatistics {
  Index n = 0;
  Scalar sum, asum;
  double mean = 0, variance = 0, norm2 = 0;  ///< variance: of the population (ddof = 0)
  std::optional<FilePlace> min, max;         ///< nothing if n = 0; a NaN wins, the first one
  Seconds seconds;
};

/// Collective. Statistics of one file, all exact and rounded once, as the functions of reductions.hpp define
/// them.
/// @throws as dot_of_files().
FileStatistics statistics_of_file(const World& world, const FileSource& x, const StreamOptions& options = {},
                                  Site site = {});

}  // namespace tutti

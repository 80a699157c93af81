// Distributed vectors from and to files.
#pragma once

#include <string>

#include "tutti/array/dist_vector.hpp"
#include "tutti/io/npy_file.hpp"

namespace tutti {

/// Collective. The numbers of a .npy file, flattened in C order whatever the file's memory order; each rank
/// reads and stores its own part only. (Cyclic layouts: each rank reads the file in pieces of at most 1 MiB
/// and picks.)
/// @tparam T  float, double, int32, int64 or uint64; it must hold the file's type exactly
/// @throws FileError, FormatError, IoError, BudgetError of any rank, on all ranks. The vector is named after
/// the path.
template <ComputeType T>
DistVector<T> read_npy(const World& world, const std::string& path, const Layout& layout = block,
                       Site site = {});

/// Collective. The same of a file without a header: all numbers of the given type behind `byte_offset`.
template <ComputeType T>
DistVector<T> read_raw(const World& world, const std::string& path, DataType type, Index byte_offset = 0,
                       const Layout& layout = block, Site site = {});

/// Collective. Writes a one-dimensional .npy file, byte for byte what numpy.save writes; each rank writes its
/// own part to its place. The file appears under its name when it is complete, or not at all. All ranks must
/// see the folder.
/// @throws OutputError if it cannot be created, IoError if writing fails, on all ranks; then nothing is left
/// behind.
template <ComputeType T>
void write_npy(const DistVector<T>& x, const std::string& path, Site site = {});

}  // namespace tutti

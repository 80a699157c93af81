// MappedNpy: a .npy file as an array of which each node has one copy, the one in its page cache.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tutti/comm/world.hpp"
#include "tutti/files/mapping.hpp"
#include "tutti/io/element_type.hpp"
#include "tutti/memory/ledger.hpp"

namespace tutti {

namespace io {
/// A mapped file of numbers, and its entry in the ledger.
struct MappedNumbers {
  files::Mapping mapping;  ///< from the beginning of the file
  Index data_offset = 0;
  Index size = 0;
  std::vector<Index> shape;
  memory::Booking booking;  // ends before the memory: a peak is measured while it is still there
};

/// Collective. Opens, checks, books and maps the file on all ranks, or on none.
MappedNumbers map_npy(const World& world, const std::string& path, ElementType type, std::size_t alignment,
                      Site site);
}  // namespace io

/// All numbers of a .npy file on every rank, read-only, without reading or copying: each rank maps the file,
/// and the pages of the system's cache are the one copy of the node. For large tables of which a run needs
/// parts, and for files that are read again and again.
///
/// Only what stands in the file as it stands in memory: T exactly, this machine's byte order, C order. Two
/// packets; what is touched first comes from the disk then.
///
/// **Exempt from the promise that memory errors are errors.** If somebody truncates the file, or the disk or
/// the network fails, touching it raises SIGBUS and the run dies; if somebody overwrites it, the numbers
/// change. NodeShared with NpyFile::read() has neither danger. A file is replaced safely by renaming another
/// over it, as write_npy() does. The ledger books its bytes (category node-shared, "PATH (page cache)"),
/// but no budget refuses them: the system drops the cache where it needs memory.
template <ComputeType T>
class MappedNpy {
 public:
  /// Collective. @throws FileError or FormatError, on all ranks, as NpyFile(path), and if the numbers are of
  /// another type, byte or memory order, or begin where no T may; MismatchError if ranks see different files.
  explicit MappedNpy(const World& world, const std::string& path, Site site = {})
      : path_(path), numbers_(io::map_npy(world, path, element_type_of<T>, alignof(T), site)) {}

  const std::string& path() const { return path_; }
  const std::vector<Index>& shape() const { return numbers_.shape; }
  Index size() const { return numbers_.size; }

  /// All numbers, in C order.
  std::span<const T> view() const {
    if (numbers_.size == 0) return {};
    const std::byte* const begin = numbers_.mapping.view().data() + numbers_.data_offset;
    return {reinterpret_cast<const T*>(begin), static_cast<std::size_t>(numbers_.size)};
  }

 private:
  std::string path_;
  io::MappedNumbers numbers_;
};

}  // namespace tutti

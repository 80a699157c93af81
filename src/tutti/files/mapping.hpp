// A file as memory: the pages of the page cache themselves, which all processes of a node share.
#pragma once

#include <cstddef>
#include <span>

#include "tutti/files/file.hpp"

namespace tutti::files {

/// The first bytes of a file, mapped to read only; a write is a segmentation fault. Move-only. Nothing is
/// read before it is touched, and what cannot be read then is SIGBUS, which ends the program: the file became
/// shorter, the disk or the network failed.
class Mapping {
 public:
  Mapping() = default;

  /// @param bytes  from the beginning of the file, at most its size; 0 maps nothing
  /// @throws IoError with errno, also where the file system cannot map files; InternalError for bytes beyond
  ///         the file's size.
  Mapping(const InputFile& file, std::size_t bytes);

  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::span<const std::byte> view() const { return {data_, bytes_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace tutti::files

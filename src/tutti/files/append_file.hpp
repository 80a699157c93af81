// Files that grow while a program runs: logs and trajectories. At every moment they end with something whole,
// or can be cut to where they did.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tutti/core/integer.hpp"
#include "tutti/files/file.hpp"

namespace tutti::files {

/// What is appended is whole, and stays, from the next mark() on: the end of a line of a log, of a frame of a
/// trajectory. What is not yet marked is cut off at the end of the object's life. After a kill the file may
/// be longer than that; resume() cuts it.
class AppendFile {
 public:
  /// A new, empty file; what had the name is replaced.
  /// @throws OutputError with errno: the folder is missing or not writable, the target is a folder or a
  /// device.
  static AppendFile create(const std::string& path);

  /// A file that another run has left, cut to its first `bytes`, which a checkpoint knows.
  /// @throws OutputError with errno; FormatError if it is shorter.
  static AppendFile resume(const std::string& path, Index bytes);

  AppendFile(AppendFile&& other) noexcept = default;
  AppendFile& operator=(AppendFile&&) = delete;
  ~AppendFile();

  const std::string& path() const { return path_; }

  /// @throws IoError with errno (no space, quota, size limit).
  void append(std::span<const std::byte> bytes);
  void append(std::string_view text) { append(std::as_bytes(std::span(text))); }

  /// Bytes at any place that is not marked yet; what is left out is zeros.
  void place(Index offset, std::span<const std::byte> bytes);

  /// Bytes that are there already: numbers of a header that change.
  void overwrite(Index offset, std::span<const std::byte> bytes);
  /// @throws IoError if fewer are there.
  void read(Index offset, std::span<std::byte> bytes) const;

  /// All that was appended is in the file now, and whole.
  void mark();
  Index marked() const { return marked_; }                                       ///< bytes that are whole
  Index size() const { return written_ + static_cast<Index>(waiting_.size()); }  ///< bytes that were appended

  /// Marks, and forces all bytes to the medium: before a checkpoint says that they are there.
  void synchronize();

 private:
  AppendFile(std::string path, Descriptor file, Index bytes);
  void flush();

  std::string path_;
  Descriptor file_;
  Index written_;
  Index marked_;
  bool more_ = false;    // behind what is marked, something may be in the file
  std::string waiting_;  // appended, not yet written
};

}  // namespace tutti::files

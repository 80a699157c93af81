// Files as the operating system has them: owned handles, and reads and writes that are whole or an error.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tutti/core/integer.hpp"

namespace tutti::files {

/// An open file descriptor, closed at the end of its life.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close() noexcept;
  /// The number, which is the caller's to close now.
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// Reads or writes are cut at this size: longer ones are cut by Linux at 2 GiB - 4 KiB, and some parallel
/// file systems are wrong beyond 2 GiB.
inline constexpr std::size_t largest_piece = std::size_t{1} << 30U;

/// Writes all of `bytes` at byte `offset` of the file.
/// @param name  what errors call the file
/// @throws IoError with errno (no space, quota, size limit, medium).
void write_fully(const Descriptor& file, const std::string& name, Index offset,
                 std::span<const std::byte> bytes);

/// Forces what was written to the medium: only then are late errors (quota, network, medium) known.
/// @throws IoError with errno.
void synchronize(const Descriptor& file, const std::string& name);

/// A regular file, open for reading at any place. It never holds a buffer or a file position, so it can be
/// read by several threads.
class InputFile {
 public:
  /// @throws FileError with errno if it is missing, a folder or not permitted, and also for a pipe, terminal,
  ///         device or socket: ranks read parts of a file, which those do not have.
  explicit InputFile(std::string path);

  const std::string& path() const { return path_; }
  const Descriptor& descriptor() const { return file_; }

  /// Bytes, when it was opened.
  Index size() const { return size_; }

  /// Fills `out` with the bytes from `offset` on.
  /// @throws IoError if they cannot be read, or if the file has become shorter since it was opened;
  ///         InternalError for bytes beyond size().
  void read_at(Index offset, std::span<std::byte> out) const;

  /// Asks the operating system again.
  /// @throws IoError if the size is not what it was when the file was opened.
  void require_unchanged() const;

 private:
  Index size_now() const;
  [[noreturn]] void report_shrunk(Index offset, Index wanted) const;

  std::string path_;
  Descriptor file_;
  Index size_ = 0;
};

/// All of a file that people write, such as a description.
/// @param what  that it should be, for errors: "description of a job"
/// @throws FileError, IoError; FormatError if it has more than 64 MiB
std::string whole_text(const std::string& path, std::string_view what);

}  // namespace tutti::files

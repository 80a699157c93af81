// Output that is there whole or not at all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tutti/core/integer.hpp"
#include "tutti/files/file.hpp"

namespace tutti {

/// A file that appears under its name only when it is complete. It is written under another name in the same
/// folder (".NAME.XXXXXXXXXXXXXXXX.tmp", random, readable by its owner only) and takes its name, in one step,
/// at commit(); until then, and after a failure or a power cut, whatever was there before is still there.
/// Several ranks write one file: one makes the AtomicFile, the others open an OutputPart of temporary_path().
class AtomicFile {
 public:
  /// @param path  the name to be; a symbolic link is followed; an existing file keeps its permissions
  /// @throws OutputError with errno: the folder is missing or not writable, the target is a folder, a device
  /// or
  ///         read-only.
  explicit AtomicFile(std::string path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Without commit(), removes the temporary.
  ~AtomicFile();

  const std::string& path() const { return path_; }
  const std::string& temporary_path() const { return temporary_path_; }

  /// Writes at byte `offset`; in any order; what is left out is zeros.
  /// @throws IoError with errno (no space, quota, size limit).
  void write_at(Index offset, std::span<const std::byte> bytes);

  /// Permissions, bytes to the medium, the name, the folder to the medium. Parts of other ranks are to be
  /// synchronized before. Once.
  /// @throws IoError if the bytes do not reach the medium; OutputError if the name cannot be taken.
  void commit();

 private:
  void create();
  void give_permissions() const;

  std::string path_;    // as the caller calls it: for errors
  std::string target_;  // without symbolic links
  std::string temporary_path_;
  files::Descriptor file_;
};

/// Another rank's access to the temporary of an AtomicFile.
class OutputPart {
 public:
  /// @param name  what errors call the file: AtomicFile::path()
  /// @throws OutputError with errno if it cannot be opened (another node, which does not see the folder).
  OutputPart(const std::string& temporary_path, std::string name);

  /// As AtomicFile::write_at(); parts of different ranks must not overlap.
  void write_at(Index offset, std::span<const std::byte> bytes);

  /// Bytes that have been written may go to the medium while others are still being written: synchronize()
  /// waits for less then. A wish, not a promise.
  void begin_synchronizing(Index offset, Index bytes) noexcept;

  /// Forces this rank's bytes to the medium; to be called before the creator's commit().
  /// @throws IoError with errno.
  void synchronize();

 private:
  std::string name_;
  files::Descriptor file_;
};

/// Makes `contents` the file's contents: wholly, or not at all.
/// @throws OutputError or IoError as AtomicFile.
void write_text_atomically(const std::string& path, std::string_view contents);

}  // namespace tutti

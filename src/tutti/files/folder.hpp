// Folders: names that nobody else has, entries that survive a power cut, and one writer at a time.
#pragma once

#include <string>
#include <string_view>

#include "tutti/files/file.hpp"

namespace tutti::files {

/// "a.npy" for "x/a.npy"; "x/" for "x/a.npy", "." where there is none.
std::string name_of(const std::string& path);
std::string folder_of(const std::string& path);

/// 16 random hexadecimal digits.
std::string random_name();

/// The path could not be made: OutputError, or IoError where there is no room for it (ENOSPC, EDQUOT, EIO).
[[noreturn]] void fail_to_create(const std::string& path, int error_number, std::string_view remedy = {});

/// What has been made, renamed or removed in a folder is so after a power cut, too. Not every file system can
/// do that, and a folder may be writable without being readable: then it is as safe as the system makes it.
/// @param name  what errors call it
/// @throws IoError with errno
void synchronize_folder(const std::string& folder, const std::string& name);

/// Which kernel this process runs under, for names of temporary files: 8 hexadecimal digits for the machine
/// (its name and /etc/machine-id; zeros where it has none), 8 for the time since it was started.
std::string machine_tag();
/// Whether the processes of the kernel that had this tag are known to be dead, or to hold no FolderLock that
/// this process holds: those of this kernel, and of this machine before it was started anew.
bool excludes(std::string_view tag);

/// The right to write in a folder, of one process at a time: a lock of the system (flock) on the file ".lock"
/// in it, which ends with the process, however that ends. Processes on other machines are excluded only as
/// far as the file system can do that.
class FolderLock {
 public:
  FolderLock() = default;
  /// Waits for up to two seconds: a process that was killed may still be ending.
  /// @throws OutputError if another process has it, naming that; or if the file cannot be made
  explicit FolderLock(const std::string& folder);

  /// False without a lock, also where the file system has none.
  bool held() const { return held_; }

 private:
  Descriptor file_;
  bool held_ = false;
};

}  // namespace tutti::files

#include "tutti/files/folder.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "tutti/core/hash.hpp"

namespace tutti::files {

namespace {

std::string hexadecimal(std::uint64_t bits, int digits) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string name;
  for (int digit = 0; digit < digits; ++digit, bits >>= 4U) name += hex[bits & 15U];
  return name;
}

std::string first_line(const char* path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "?";
  return name.data();
}

constexpr std::size_t tag_half = 8;
constexpr std::string_view unknown = "00000000";

std::string half_of(const std::string& text) {
  return text.empty() ? std::string(unknown) : hexadecimal(core::hash(text), tag_half);
}

}  // namespace

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string random_name() {
  std::uint64_t bits = 0;
  while (::getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) {
    if (errno != EINTR) throw SystemError(text("random number: ", errno_text(errno)), {"", {errno, 0}});
  }
  return hexadecimal(bits, 16);
}

void fail_to_create(const std::string& path, int error_number, std::string_view remedy) {
  const std::string message =
      text("cannot create ", path.empty() ? "''" : path, ": ", errno_text(error_number), remedy);
  if (error_number == ENOSPC || error_number == EDQUOT || error_number == EIO)
    throw IoError(message, {path, {error_number, 0}});
  throw OutputError(message, {path, {error_number, 0}});
}

void synchronize_folder(const std::string& folder, const std::string& name) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) return;
  if (::fsync(descriptor.number()) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS) return;
  const int error_number = errno;
  throw IoError(text("cannot write the folder of ", name, " to its medium: ", errno_text(error_number)),
                {name, {error_number, 0}});
}

std::string machine_tag() {
  const std::string id = first_line("/etc/machine-id");
  return half_of(id.empty() ? id : text(host_name(), ' ', id)) +
         half_of(first_line("/proc/sys/kernel/random/boot_id"));
}

bool excludes(std::string_view tag) {
  const std::string own = machine_tag();
  if (tag.size() != own.size()) return false;
  const auto equal = [&](std::size_t from) {
    return tag.substr(from, tag_half) == own.substr(from, tag_half) && tag.substr(from, tag_half) != unknown;
  };
  return equal(tag_half) || equal(0);
}

FolderLock::FolderLock(const std::string& folder) {
  const std::string path = folder + "/.lock";
  do {
    file_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  } while (!file_.is_open() && errno == EINTR);
  if (!file_.is_open()) fail_to_create(path, errno);
  constexpr int tries = 40;
  for (int left = tries; ::flock(file_.number(), LOCK_EX | LOCK_NB) != 0;) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return;  // a file system without locks
    if (--left == 0) {
      const std::string owner = first_line(path.c_str());
      throw OutputError(text(folder, ": is in use by ", owner.empty() ? "another process" : printable(owner),
                             "; give each job a folder of its own"),
                        {folder, {EWOULDBLOCK, 0}});
    }
    const timespec pause{0, 50'000'000};
    ::nanosleep(&pause, nullptr);
  }
  held_ = true;
  const std::string owner = text("process ", ::getpid(), " on ", host_name(), '\n');
  // For people only: where there is no room for it, the lock holds all the same.
  if (::ftruncate(file_.number(), 0) == 0 && ::pwrite(file_.number(), owner.data(), owner.size(), 0) < 0)
    return;
}

}  // namespace tutti::files

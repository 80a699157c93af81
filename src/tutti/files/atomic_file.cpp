#include "tutti/files/atomic_file.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "tutti/files/folder.hpp"

namespace tutti {
namespace {

// The file behind symbolic links: renaming onto a link would replace the link.
std::string without_links(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) files::fail_to_create(path, errno, "; it is a symbolic link to nothing");
  return resolved.get();
}

// From /proc: umask() itself can only be asked by changing it, which other threads would notice.
mode_t current_umask() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("Umask:", 0) != 0) continue;
    unsigned mask = 0;
    const std::size_t digits = line.find_first_of("01234567");
    if (digits == std::string::npos) break;
    std::from_chars(line.data() + digits, line.data() + line.size(), mask, 8);
    return static_cast<mode_t>(mask);
  }
  return 077;
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), target_(without_links(path_)) {
  if (path_.empty()) files::fail_to_create(path_, ENOENT, "; give a name");
  struct stat status {};
  if (::stat(target_.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) files::fail_to_create(path_, EISDIR, "; name a file in it");
    if (!S_ISREG(status.st_mode)) files::fail_to_create(path_, EINVAL, ": not a regular file; name one");
    if (::faccessat(AT_FDCWD, target_.c_str(), W_OK, AT_EACCESS) != 0) files::fail_to_create(path_, errno);
  } else if (errno != ENOENT) {
    files::fail_to_create(path_, errno);
  }
  create();
}

void AtomicFile::create() {
  constexpr std::size_t longest = 200;  // of the target's name in ours: names end at 255 bytes
  const std::string folder = files::folder_of(target_);
  const std::string name = files::name_of(target_).substr(0, longest);
  do {
    temporary_path_ =
        text(folder, folder.back() == '/' ? "" : "/", '.', name, '.', files::random_name(), ".tmp");
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    file_ = files::Descriptor(::open(temporary_path_.c_str(), flags, 0600));
  } while (!file_.is_open() && (errno == EEXIST || errno == EINTR));
  if (file_.is_open()) return;
  const int error_number = errno;
  files::fail_to_create(path_, error_number,
                        error_number == ENOENT ? text("; make the folder ", folder) : std::string());
}

AtomicFile::~AtomicFile() {
  if (file_.is_open()) ::unlink(temporary_path_.c_str());
}

void AtomicFile::write_at(Index offset, std::span<const std::byte> bytes) {
  if (!file_.is_open()) throw InternalError(text(path_, ": written to after it was committed"));
  files::write_fully(file_, path_, offset, bytes);
}

void AtomicFile::give_permissions() const {
  struct stat status {};
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  const mode_t mode = exists ? status.st_mode & 0777U : 0666U & ~current_umask();
  if (::fchmod(file_.number(), mode) != 0) files::fail_to_create(path_, errno);
}

void AtomicFile::commit() {
  if (!file_.is_open()) throw InternalError(text(path_, ": committed twice"));
  give_permissions();
  files::synchronize(file_, path_);
  if (::rename(temporary_path_.c_str(), target_.c_str()) != 0) files::fail_to_create(path_, errno);
  file_.close();
  files::synchronize_folder(files::folder_of(target_), path_);
}

OutputPart::OutputPart(const std::string& temporary_path, std::string name) : name_(std::move(name)) {
  do {
    file_ = files::Descriptor(::open(temporary_path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  } while (!file_.is_open() && errno == EINTR);
  if (!file_.is_open()) files::fail_to_create(name_, errno, "; put it where all ranks can write");
}

void OutputPart::write_at(Index offset, std::span<const std::byte> bytes) {
  files::write_fully(file_, name_, offset, bytes);
}

void OutputPart::begin_synchronizing(Index offset, Index bytes) noexcept {
  const int before = errno;  // what does not work here, or has failed, synchronize() will tell
  ::sync_file_range(file_.number(), offset, bytes, SYNC_FILE_RANGE_WRITE);
  errno = before;
}

void OutputPart::synchronize() { files::synchronize(file_, name_); }

void write_text_atomically(const std::string& path, std::string_view contents) {
  AtomicFile file(path);
  file.write_at(0, std::as_bytes(std::span(contents)));
  file.commit();
}

}  // namespace tutti

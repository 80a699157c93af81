#include "tutti/files/file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tutti::files {
namespace {

[[noreturn]] void fail_to_open(const std::string& path, int error_number, std::string_view remedy = {}) {
  throw FileError(text(path.empty() ? "''" : path, ": ", errno_text(error_number), remedy),
                  {path, {error_number, 0}});
}

// What a file is that has no parts to read.
const char* kind(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode)) return "a terminal or character device";
  if (S_ISBLK(mode)) return "a block device";
  return "a special file";
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::close() noexcept {
  if (is_open()) ::close(number_);  // no retry after EINTR: Linux has released the number already
  number_ = -1;
}

void write_fully(const Descriptor& file, const std::string& name, Index offset,
                 std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(file.number(), bytes.data(), std::min(bytes.size(), largest_piece), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int error_number = written < 0 ? errno : EIO;
      throw IoError(text("cannot write ", name, ": ", errno_text(error_number), ", at byte ", offset),
                    {name, {error_number, 0}});
    }
    offset += written;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void synchronize(const Descriptor& file, const std::string& name) {
  while (::fsync(file.number()) != 0) {
    const int error_number = errno;
    if (error_number == EINTR) continue;
    throw IoError(text("cannot write ", name, " to its medium: ", errno_text(error_number)),
                  {name, {error_number, 0}});
  }
}

InputFile::InputFile(std::string path) : path_(std::move(path)) {
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait; without effect on regular files.
  do {
    file_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  } while (!file_.is_open() && errno == EINTR);
  if (!file_.is_open()) fail_to_open(path_, errno);
  struct stat status {};
  if (::fstat(file_.number(), &status) != 0) fail_to_open(path_, errno);
  if (S_ISDIR(status.st_mode)) fail_to_open(path_, EISDIR, "; name a file in it");
  if (!S_ISREG(status.st_mode))
    throw FileError(text(path_, ": is ", kind(status.st_mode),
                         ", which has no parts that ranks could read; save it to a file first"),
                    {path_, {ESPIPE, 0}});
  size_ = status.st_size;
}

void InputFile::read_at(Index offset, std::span<std::byte> out) const {
  const auto wanted = checked_cast<Index>(out.size());
  if (offset < 0 || offset > size_ || wanted > size_ - offset)
    throw InternalError(text(path_, ": bytes ", offset, " + ", wanted, " were asked for, it has ", size_));
  Index at = offset;
  while (!out.empty()) {
    const auto count = ::pread(file_.number(), out.data(), std::min(out.size(), largest_piece), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error_number = errno;
      throw IoError(text("cannot read ", path_, ": ", errno_text(error_number), ", at byte ", at),
                    {path_, {error_number, 0}});
    }
    if (count == 0) report_shrunk(offset, wanted);
    at += count;
    out = out.subspan(static_cast<std::size_t>(count));
  }
}

void InputFile::require_unchanged() const {
  const Index now = size_now();
  if (now < size_) report_shrunk(0, size_);
  if (now > size_)
    throw IoError(text(path_, ": grew while it was read, from ", size_, " to ", now,
                       " bytes; wait until it is written, then read it again"),
                  {path_, {0, 0}});
}

Index InputFile::size_now() const {
  struct stat status {};
  if (::fstat(file_.number(), &status) == 0) return status.st_size;
  const int error_number = errno;
  throw IoError(text("cannot read ", path_, ": ", errno_text(error_number)), {path_, {error_number, 0}});
}

void InputFile::report_shrunk(Index offset, Index wanted) const {
  throw IoError(text(path_, ": shrank while it was read: ", wanted, " bytes from byte ", offset,
                     " on were wanted, it had ", size_, " bytes and now has ", size_now(),
                     "; write it anew, then read it again"),
                {path_, {0, 0}});
}

std::string whole_text(const std::string& path, std::string_view what) {
  constexpr Index largest = Index{64} << 20U;
  const InputFile file(path);
  if (file.size() > largest)
    throw FormatError(text(printable(path), ": ", file.size(), " bytes are no ", what), {path, {}});
  std::string contents(static_cast<std::size_t>(file.size()), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(contents)));
  return contents;
}

}  // namespace tutti::files

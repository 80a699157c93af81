#include "tutti/files/append_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::files {

namespace {

constexpr std::size_t most_waiting = std::size_t{1} << 20U;

[[noreturn]] void cannot_write(const std::string& path, int error_number, std::string_view remedy = {}) {
  throw OutputError(
      text("cannot write ", path.empty() ? "''" : printable(path), ": ", errno_text(error_number), remedy),
      {path, {error_number, 0}});
}

// O_NONBLOCK: opening a pipe that nobody reads must not wait.
Descriptor opened(const std::string& path, int flags) {
  Descriptor file;
  do {
    file = Descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags, 0666));
  } while (!file.is_open() && errno == EINTR);
  if (!file.is_open()) cannot_write(path, errno, errno == EISDIR ? "; name a file in it" : "");
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) cannot_write(path, errno);
  if (!S_ISREG(status.st_mode)) cannot_write(path, EINVAL, ": not a regular file; name one");
  return file;
}

void cut(const Descriptor& file, const std::string& path, Index bytes) {
  while (::ftruncate(file.number(), bytes) != 0)
    if (errno != EINTR) cannot_write(path, errno);
}

}  // namespace

AppendFile::AppendFile(std::string path, Descriptor file, Index bytes)
    : path_(std::move(path)), file_(std::move(file)), written_(bytes), marked_(bytes) {}

AppendFile AppendFile::create(const std::string& path) {
  Descriptor file = opened(path, O_CREAT);
  cut(file, path, 0);
  return {path, std::move(file), 0};
}

AppendFile AppendFile::resume(const std::string& path, Index bytes) {
  Descriptor file = opened(path, 0);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) cannot_write(path, errno);
  if (bytes < 0 || status.st_size < bytes)
    throw FormatError(
        text(printable(path), ": has ", Index{status.st_size}, " bytes, but is to go on behind ", bytes,
             "; give the file that the run has written, or start a new one"),
        {path, {status.st_size, bytes}});
  cut(file, path, bytes);
  return {path, std::move(file), bytes};
}

AppendFile::~AppendFile() {
  // As far as it can be done: nobody could hear of a failure, and resume() cuts, too.
  if (file_.is_open() && more_) static_cast<void>(!::ftruncate(file_.number(), marked_));
}

void AppendFile::flush() {
  more_ = true;
  write_fully(file_, path_, written_, std::as_bytes(std::span(waiting_)));
  written_ += static_cast<Index>(waiting_.size());
  waiting_.clear();
}

void AppendFile::append(std::span<const std::byte> bytes) {
  waiting_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (waiting_.size() >= most_waiting) flush();
}

void AppendFile::place(Index offset, std::span<const std::byte> bytes) {
  if (offset < marked_)
    throw InternalError(
        text(path_, ": byte ", offset, " is to change, but ", marked_, " are marked as whole"));
  flush();
  more_ = true;
  write_fully(file_, path_, offset, bytes);
  written_ = std::max(written_, offset + static_cast<Index>(bytes.size()));
}

void AppendFile::overwrite(Index offset, std::span<const std::byte> bytes) {
  if (offset < 0 || offset > written_ || static_cast<Index>(bytes.size()) > written_ - offset)
    throw InternalError(text(path_, ": bytes ", offset, " + ", bytes.size(), " are not there yet"));
  write_fully(file_, path_, offset, bytes);
}

void AppendFile::read(Index offset, std::span<std::byte> bytes) const {
  const auto count = ::pread(file_.number(), bytes.data(), bytes.size(), offset);
  if (count != static_cast<ssize_t>(bytes.size()))
    throw IoError(
        text("cannot read ", printable(path_), ": ", count < 0 ? errno_text(errno) : "it is too short"),
        {path_, {count < 0 ? errno : 0, 0}});
}

void AppendFile::mark() {
  flush();
  marked_ = written_;
  more_ = false;
}

void AppendFile::synchronize() {
  mark();
  files::synchronize(file_, path_);
}

}  // namespace tutti::files

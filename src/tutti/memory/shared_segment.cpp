#include "tutti/memory/shared_segment.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/file.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::memory {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;
constexpr int madv_populate_write = 23;      // MADV_POPULATE_WRITE of Linux 5.14
constexpr unsigned memfd_noexec_seal = 0x8;  // MFD_NOEXEC_SEAL of Linux 6.3; glibc of 2022 does not name it

[[noreturn]] void refuse(std::string_view name, std::string_view step, int error) {
  throw SystemError(text("shared memory for ", printable(name), ": ", step, ": ", errno_text(error)),
                    {std::string(name), {error, 0}});
}

std::size_t whole_pages(std::size_t bytes, const std::string& name) {
  const std::size_t page = page_size();
  std::size_t padded = 0;
  if (!add_fits(std::max(bytes, std::size_t{1}), page - 1, padded) || padded > std::size_t{INT64_MAX})
    throw BudgetError(text(name, ": needs ", bytes_text(bytes), ", more than any node has"),
                      {name, {INT64_MAX, 0}});
  return padded / page * page;
}

int protection(Access access) { return access == Access::read_only ? PROT_READ : PROT_READ | PROT_WRITE; }

// The name by which the kernel shows the anonymous file: with the cookie, and without characters that would
// need escapes there. memfd_create takes at most 249 bytes.
std::string anonymous_name(const std::array<std::uint64_t, 2>& cookie, std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = "tutti:";
  for (const std::uint64_t word : cookie)
    for (int shift = 60; shift >= 0; shift -= 4)
      result += digits[(word >> static_cast<unsigned>(shift)) & 15U];
  result += ':';
  for (const char character : name.substr(0, 128))
    result += character > ' ' && character < 127 && character != '/' && character != '\\' ? character : '_';
  return result;
}

std::array<std::uint64_t, 2> random_cookie(const std::string& name) {
  std::array<std::uint64_t, 2> cookie{};
  if (::getrandom(cookie.data(), sizeof cookie, 0) != static_cast<ssize_t>(sizeof cookie))
    refuse(name, "random numbers", errno);
  return cookie;
}

int anonymous_file(const std::string& file_name, const std::string& name) {
  constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int descriptor = ::memfd_create(file_name.c_str(), flags | memfd_noexec_seal);
  if (descriptor < 0 && errno == EINVAL)
    descriptor = ::memfd_create(file_name.c_str(), flags);  // before Linux 6.3
  if (descriptor < 0) refuse(name, "memfd_create", errno);
  return descriptor;
}

void give_size(int descriptor, std::size_t bytes, const std::string& name) {
  if (::fchmod(descriptor, S_IRUSR | S_IWUSR) != 0) refuse(name, "fchmod", errno);
  if (::ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) refuse(name, "ftruncate", errno);
  if (::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    refuse(name, "sealing its size", errno);
}

// Kernels before 5.14 cannot allocate and map a range in one call that returns an error: there the creator
// allocates all pages, and they are mapped when they are touched.
bool can_populate() {
  const std::size_t page = page_size();
  void* memory = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  const bool can = ::madvise(memory, page, madv_populate_write) == 0;
  ::munmap(memory, page);
  return can;
}

// A write that finds no memory is SIGBUS; a refusal here is an error with a text.
void allocate_all(int descriptor, std::size_t bytes, const std::string& name) {
  int status = 0;
  do status = ::fallocate(descriptor, 0, 0, static_cast<off_t>(bytes));
  while (status != 0 && errno == EINTR);
  if (status != 0) refuse(name, text("allocating ", bytes_text(bytes)), errno);
}

[[noreturn]] void refuse_to_open(const SegmentHandle& handle, int error) {
  const std::string label = text("descriptor ", handle.descriptor, " of process ", handle.pid);
  if (error == ENOENT || error == ESTALE)
    refuse(label, "its creator has ended, released it, or is on another node", error);
  if (error == EACCES || error == EPERM)
    refuse(label, "the ranks of a node must run as one user who may see all of them in /proc", error);
  refuse(label, "open", error);
}

// What the kernel calls the file behind a link of /proc: "/memfd:tutti:<cookie>:<name> (deleted)".
// @return the part after the cookie.
std::string name_behind(const std::string& link, const SegmentHandle& handle) {
  std::array<char, 512> target{};
  const auto count = ::readlink(link.c_str(), target.data(), target.size());
  if (count < 0) refuse_to_open(handle, errno);
  const std::string_view found(target.data(), static_cast<std::size_t>(count));
  const std::string expected = "/memfd:" + anonymous_name(handle.cookie, "");
  if (!found.starts_with(expected)) refuse_to_open(handle, ESTALE);
  const std::string_view rest = found.substr(expected.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

// A place for a mapping, on a border of huge pages: a kernel that gives shared memory huge pages (sysfs:
// transparent_hugepage/shmem_enabled) can only then map them. mmap itself aligns to 4 KiB.
void* aligned_place(std::size_t padded, const std::string& name) {
  void* memory =
      ::mmap(nullptr, padded + huge_page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) refuse(name, text("address space for ", bytes_text(padded)), errno);
  auto* const begin = static_cast<std::byte*>(memory);
  const std::size_t before = (huge_page - reinterpret_cast<std::uintptr_t>(begin) % huge_page) % huge_page;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + padded, huge_page - before);
  return begin + before;
}

[[noreturn]] void refuse_place(void* place, std::size_t padded, const std::string& name) {
  const int error = errno;
  ::munmap(place, padded);
  refuse(name, text("mapping ", bytes_text(padded)), error);
}

}  // namespace

SharedSegment SharedSegment::create(std::size_t bytes, const std::string& name) {
  SharedSegment segment = create_empty(bytes, name);
  allocate_all(segment.descriptor_, whole_pages(bytes, name), name);
  return segment;
}

SharedSegment SharedSegment::create_empty(std::size_t bytes, const std::string& name) {
  const std::size_t padded = whole_pages(bytes, name);
  require_available(padded, name);
  SegmentHandle handle{::getpid(), -1, bytes, 0, 0, random_cookie(name)};
  files::Descriptor file(anonymous_file(anonymous_name(handle.cookie, name), name));
  give_size(file.number(), padded, name);
  if (!can_populate()) allocate_all(file.number(), padded, name);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) refuse(name, "fstat", errno);
  handle.descriptor = file.number();
  handle.device = status.st_dev;
  handle.inode = status.st_ino;
  SharedSegment segment;
  segment.map(file.number(), bytes, Access::read_write, name);
  segment.handle_ = handle;
  segment.descriptor_ = file.release();
  return segment;
}

SharedSegment SharedSegment::open(const SegmentHandle& handle, Access access) {
  // The name is asked before the file is opened, since opening has effects on what is not ours (a pipe, a
  // terminal), and again after it, since the process may have ended in between.
  const std::string link = text("/proc/", handle.pid, "/fd/", handle.descriptor);
  const std::string name = name_behind(link, handle);
  const int mode = access == Access::read_only ? O_RDONLY : O_RDWR;
  const files::Descriptor file(::open(link.c_str(), mode | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number() < 0) refuse_to_open(handle, errno);
  name_behind(text("/proc/self/fd/", file.number()), handle);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) refuse(name, "fstat", errno);
  if (status.st_dev != handle.device || status.st_ino != handle.inode || status.st_size < 0 ||
      static_cast<std::uint64_t>(status.st_size) < handle.bytes)
    refuse_to_open(handle, ESTALE);
  SharedSegment segment;
  segment.map(file.number(), checked_cast<std::size_t>(handle.bytes), access, name);
  return segment;
}

void SharedSegment::map(int descriptor, std::size_t bytes, Access access, const std::string& name) {
  const std::size_t padded = whole_pages(bytes, name);
  void* place = aligned_place(padded, name);
  void* memory = ::mmap(place, padded, protection(access), MAP_SHARED | MAP_FIXED, descriptor, 0);
  if (memory == MAP_FAILED) refuse_place(place, padded, name);
  take(memory, bytes, access, name);
}

void SharedSegment::take(void* memory, std::size_t bytes, Access access, const std::string& name) {
  data_ = static_cast<std::byte*>(memory);
  size_ = bytes;
  access_ = access;
  name_ = name;
  if (bytes >= huge_page) ::madvise(data_, bytes / huge_page * huge_page, MADV_HUGEPAGE);  // may be refused
}

void SharedSegment::allocate(std::span<const std::byte> part) {
  if (part.empty()) return;
  const std::size_t page = page_size();
  const auto first = static_cast<std::size_t>(part.data() - data_) / page * page;
  const auto end = whole_pages(static_cast<std::size_t>(part.data() - data_) + part.size(), name_);
  int status = 0;
  do status = ::madvise(data_ + first, end - first, madv_populate_write);
  while (status != 0 && (errno == EINTR || errno == EAGAIN));
  if (status != 0 && errno != EINVAL)  // EINVAL: too old a kernel, and all is allocated
    refuse(name_, text("allocating ", bytes_text(end - first)), errno == EFAULT ? ENOMEM : errno);
}

void SharedSegment::set_access(Access access) {
  if (access == access_) return;
  if (::mprotect(data_, whole_pages(size_, name_), protection(access)) != 0)
    refuse(name_, access == Access::read_only ? "making it read-only" : "making it writable", errno);
  access_ = access;
}

SharedSegment SharedSegment::again(Access access) const {
  const std::size_t padded = whole_pages(size_, name_);
  void* place = aligned_place(padded, name_);
  // An old size of 0 maps the pages of a shared mapping a second time (mremap(2)). Not by the C library's
  // function: UCX, below MPICH, puts one of its own before it, which has four parameters and loses the fifth,
  // the place.
  const long mapped = ::syscall(SYS_mremap, data_, 0, padded, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  if (mapped == -1) refuse_place(place, padded, name_);
  void* const memory = place;
  SharedSegment segment;
  segment.take(memory, size_, access_, name_);
  segment.set_access(access);
  return segment;
}

SharedSegment::SharedSegment(SharedSegment&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      access_(other.access_),
      name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      handle_(other.handle_) {}

SharedSegment& SharedSegment::operator=(SharedSegment&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(access_, other.access_);
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(handle_, other.handle_);
  return *this;
}

SharedSegment::~SharedSegment() {
  close_handle();
  const std::size_t page = page_size();
  if (data_ != nullptr) ::munmap(data_, (std::max(size_, std::size_t{1}) + page - 1) / page * page);
}

SegmentHandle SharedSegment::handle() const {
  if (descriptor_ < 0)
    throw InternalError("shared memory: only its creator has the handle, and only before close_handle()");
  return handle_;
}

void SharedSegment::close_handle() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace tutti::memory

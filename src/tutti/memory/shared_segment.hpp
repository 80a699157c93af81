// Memory that the processes of one node share.
//
// It lives in no file system, so a small /dev/shm does not limit it and nothing is left behind, whatever
// kills its processes: an anonymous file (memfd_create), which the other ranks open through
// /proc/<pid>/fd/<n> of its creator. Its pages are allocated before anybody touches them, and its size is
// sealed, so that touching it can never raise SIGBUS.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

namespace tutti::memory {

/// Where a segment can be found, and how to recognize it. Trivially copyable: it travels by MPI as bytes, and
/// is worth nothing on another node.
struct SegmentHandle {
  std::int64_t pid = 0;
  std::int64_t descriptor = -1;
  std::uint64_t bytes = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::array<std::uint64_t, 2>
      cookie{};  ///< random, part of the anonymous file's name: a recycled pid, descriptor
                 ///  or inode number is not mistaken for the segment
};
static_assert(std::is_trivially_copyable_v<SegmentHandle>);

enum class Access : std::uint8_t { read_only, read_write };

/// One mapping of a segment. Move-only; the memory is freed when the last process has unmapped it or ended.
class SharedSegment {
 public:
  /// New memory, zero. Not collective: one process calls it and hands handle() to the others.
  /// @param bytes  may be 0
  /// @param name   what it is for; shown in errors and in /proc/<pid>/maps
  /// @throws BudgetError if the node or the cgroup has not that much left, before anything is allocated;
  ///         SystemError if the system refuses.
  static SharedSegment create(std::size_t bytes, const std::string& name);

  /// The same without its pages: all of them must be allocate()d before anybody touches them. Large memory is
  /// made by all its processes in parallel, each the part that it writes first, so that it lies near its
  /// core.
  static SharedSegment create_empty(std::size_t bytes, const std::string& name);

  /// Allocates the pages of a part of bytes(), and maps them: 0.35 us a page, as touching private memory
  /// takes.
  /// @pre access() == read_write
  /// @throws SystemError if the system refuses.
  void allocate(std::span<const std::byte> part);

  /// Maps a segment of another process of this node (or of this one).
  /// @throws SystemError if its creator has ended or released the handle, or the handle is another segment's.
  static SharedSegment open(const SegmentHandle& handle, Access access);

  SharedSegment(SharedSegment&& other) noexcept;
  SharedSegment& operator=(SharedSegment&& other) noexcept;
  SharedSegment(const SharedSegment&) = delete;
  SharedSegment& operator=(const SharedSegment&) = delete;
  ~SharedSegment();

  /// For open() by others, as long as this process lives and has not called close_handle().
  /// @throws InternalError on a segment that was opened, moved from, or whose handle is closed.
  SegmentHandle handle() const;

  /// To be called when all peers have mapped the segment: the descriptor is released, the memory stays
  /// mapped.
  void close_handle() noexcept;

  /// The memory, at an address that differs between processes. Writing to a read_only mapping is a
  /// segmentation fault: use view() there.
  std::span<std::byte> bytes() noexcept { return {data_, size_}; }
  std::span<const std::byte> view() const noexcept { return {data_, size_}; }
  Access access() const noexcept { return access_; }

  /// Changes what this mapping allows; the mappings of others stay as they are.
  /// @throws SystemError if it was opened read_only and is to be written.
  void set_access(Access access);

  /// Another mapping of the same memory in this process, at another address.
  /// @throws SystemError if the system refuses.
  SharedSegment again(Access access) const;

 private:
  SharedSegment() = default;
  void map(int descriptor, std::size_t bytes, Access access, const std::string& name);
  void take(void* memory, std::size_t bytes, Access access, const std::string& name);

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  Access access_ = Access::read_write;
  std::string name_;
  int descriptor_ = -1;     // only in the creator, until close_handle()
  SegmentHandle handle_{};  // only in the creator
};

}  // namespace tutti::memory

// Memory for numbers: aligned, zero, and in huge pages where it is large.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/ledger.hpp"

namespace tutti::memory {

/// Bytes of this process: the part of Buffer that does not depend on the element type.
///
/// Below 4 MiB from the heap, aligned to a cache line of 64 bytes. From there on mapped by itself, aligned to
/// 2 MiB and advised for huge pages: filling a plain buffer from the page cache runs at 1.4 GiB/s, a
/// huge-page one at 7.5-8.6 (a page fault costs 0.25 us for 4 KiB), and freeing it returns the memory to the
/// system at once. The rest beyond the last whole huge page stays in small ones, so that `bytes` are what it
/// takes.
class Allocation {
 public:
  static constexpr std::size_t alignment = 64;
  static constexpr std::size_t large = std::size_t{4} << 20U;
  static constexpr std::size_t huge_page = std::size_t{2} << 20U;

  Allocation() = default;

  /// @throws BudgetError if `bytes` >= 4 MiB and more than the node or the cgroup has left, before it is
  /// asked for;
  ///         SystemError if the system refuses (ulimit -v, address space).
  Allocation(std::size_t bytes, std::string_view name);
  /// The same for bytes that a ledger has booked: it has asked already.
  Allocation(std::size_t bytes, std::string_view name, const Booking& booked);

  Allocation(Allocation&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Allocation& operator=(Allocation&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Allocation(const Allocation&) = delete;
  Allocation& operator=(const Allocation&) = delete;
  ~Allocation();

  void* data() const noexcept { return data_; }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// `size` elements, all bits zero. Move-only, fixed size; a moved-from buffer is empty or holds what it was
/// given.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= Allocation::alignment);

 public:
  Buffer() = default;

  /// @param name  what it is for; errors name it
  /// @throws SystemError or BudgetError as Allocation; SystemError if size * sizeof(T) overflows.
  Buffer(std::size_t size, std::string_view name) : memory_(checked_bytes(size, name), name), size_(size) {}
  /// The same, for what is booked already.
  Buffer(std::size_t size, std::string_view name, Booking booking)
      : memory_(checked_bytes(size, name), name, booking), size_(size), booking_(std::move(booking)) {}
  /// Booked in `ledger` under its name.
  /// @throws BudgetError as Ledger::book(), before anything is allocated
  Buffer(std::size_t size, const std::string& name, Ledger& ledger, Category category = Category::buffer)
      : Buffer(size, name, ledger.book(name, category, checked_bytes(size, name))) {}

  Buffer(Buffer&& other) noexcept
      : memory_(std::move(other.memory_)),
        size_(std::exchange(other.size_, 0)),
        booking_(std::move(other.booking_)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(booking_, other.booking_);  // with the memory, which goes to `other`
    memory_ = std::move(other.memory_);
    std::swap(size_, other.size_);
    return *this;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  T* data() noexcept { return static_cast<T*>(memory_.data()); }
  const T* data() const noexcept { return static_cast<const T*>(memory_.data()); }
  std::span<T> span() noexcept { return {data(), size_}; }
  std::span<const T> span() const noexcept { return {data(), size_}; }
  T& operator[](std::size_t i) noexcept { return data()[i]; }
  const T& operator[](std::size_t i) const noexcept { return data()[i]; }
  T* begin() noexcept { return data(); }
  T* end() noexcept { return data() + size_; }
  const T* begin() const noexcept { return data(); }
  const T* end() const noexcept { return data() + size_; }

 private:
  static std::size_t checked_bytes(std::size_t size, std::string_view name) {
    std::size_t bytes = 0;
    if (!multiply_fits(size, sizeof(T), bytes))
      throw SystemError(
          text(name, ": ", size, " elements of ", sizeof(T), " bytes are more than any address space"),
          {std::string(name), {}});
    return bytes;
  }

  Allocation memory_;
  std::size_t size_ = 0;
  Booking booking_;  // ends before the memory: a peak is measured while it is still there
};

}  // namespace tutti::memory

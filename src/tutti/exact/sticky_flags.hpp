// The floating-point environment of x86: modes, and exception flags that stay until they are cleared.
#pragma once

#include <cstdint>

namespace tutti::exact {

/// From construction to destruction: round to nearest, exceptions masked, no DAZ, FTZ as `mode` says, and the
/// flags in `wanted` clear. Afterwards all is as the caller had it, flags included. Every access is a barrier
/// for the compiler. Writes only what differs: a write that changes flags costs some 20 ns.
class StickyFlags {
 public:
  static constexpr std::uint32_t gradual = 0x1f80;   ///< mode: subnormal results; that of every new process
  static constexpr std::uint32_t flushing = 0x9f80;  ///< mode: FTZ, zeros instead of subnormal results

  StickyFlags(std::uint32_t mode, std::uint32_t wanted) : before_(control()) {
    if ((before_ & (~all_flags | wanted)) != mode) clear(mode);
  }
  ~StickyFlags() {
    if (control() != before_) set_control(before_);
  }
  StickyFlags(const StickyFlags&) = delete;
  StickyFlags& operator=(const StickyFlags&) = delete;

  static constexpr std::uint32_t invalid = 1;
  static constexpr std::uint32_t zero_divide = 4;
  static constexpr std::uint32_t overflow = 8;
  static constexpr std::uint32_t underflow = 16;
  static constexpr std::uint32_t inexact = 32;

  static bool any_of(std::uint32_t flags) { return (control() & flags) != 0; }
  static void clear(std::uint32_t mode) { set_control(mode); }

 private:
  static constexpr std::uint32_t all_flags = 0x3f;

  static std::uint32_t control() {
    std::uint32_t value = 0;
    asm volatile("stmxcsr %0" : "=m"(value)::"memory");
    return value;
  }
  static void set_control(std::uint32_t value) { asm volatile("ldmxcsr %0" ::"m"(value) : "memory"); }

  std::uint32_t before_;
};

}  // namespace tutti::exact

// The one thing that every collective of ours is, or begins with: a packet of 64 bytes, combined over all
// ranks.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "tutti/exact/window.hpp"

namespace tutti::comm {

/// How two payloads become one. All are commutative and associative, bit for bit, except add_rounded (which
/// is what its callers ask for), so the result does not depend on the algorithm by which an MPI reduces.
enum class Merge : std::uint8_t {
  nothing,      ///< no payload
  window,       ///< an exact sum as a 320-bit window (exact/window.hpp)
  two_windows,  ///< two exact sums as windows of 160 bits
  add_integer,  ///< two 128-bit integers, two's complement
  add_rounded,  ///< doubles, in the order of the ranks (board.hpp), or in which the MPI adds them
  minimum,      ///< unsigned words, each the smallest
  places,       ///< two pairs (key, place): the smallest key, and the smallest place where it stands
  bits,         ///< bitwise or
};

/// One packet. Every collective sends one of exactly this size, as one element of one contiguous datatype,
/// with one operation: so nothing can mismatch on the wire, whatever the ranks believe to be doing, and no
/// mismatch hangs.
struct Packet {
  static constexpr std::int32_t nobody = std::numeric_limits<std::int32_t>::max();
  static constexpr std::uint8_t mismatch = 1;  ///< flag: two ranks are in different calls
  static constexpr std::uint8_t closing = 2;   ///< flag: a rank ends its World with this packet
  static constexpr std::uint8_t leaving = 4;   ///< flag: a rank ends the scope of a split() with this packet
  static constexpr std::uint8_t listening =
      8;  ///< flag: a rank waits for a nonblocking operation (round.hpp)
  static constexpr std::uint64_t any_call = 0;

  std::int32_t failed = nobody;  ///< lowest rank that has failed
  std::uint8_t flags = 0;
  std::uint8_t specials = 0;  ///< of a window: NaN, +inf, -inf; of the second one, the next three bits
  Merge merge = Merge::nothing;
  std::uint8_t count = 0;  ///< payload words in use
  std::uint64_t call =
      any_call;  ///< hash of operation, type, count and root; a failing rank matches any call
  std::int16_t low = 0, high = 0;  ///< of a window: the bits that it covers
  std::int16_t second_low = 0, second_high = 0;
  std::array<std::uint64_t, 5> payload{};

  bool trouble() const { return failed != nobody || (flags & mismatch) != 0; }

  exact::Window window() const { return {payload, low, high, specials}; }
  void set(const exact::Window& window);
  std::array<exact::HalfWindow, 2> two_windows() const;
  void set(const std::array<exact::HalfWindow, 2>& windows);
};
static_assert(sizeof(Packet) == 64);

/// inout := in combined with inout. After trouble the payload means nothing.
void merge(const Packet& in, Packet& inout);

}  // namespace tutti::comm

#include "tutti/comm/packet.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "tutti/core/text.hpp"

namespace tutti::comm {

namespace {

constexpr unsigned special_bits = 3;

void merge_windows(const Packet& in, Packet& inout) {
  exact::Window into = inout.window();
  exact::merge(into, in.window());
  inout.set(into);
}

void merge_two_windows(const Packet& in, Packet& inout) {
  std::array<exact::HalfWindow, 2> into = inout.two_windows();
  const std::array<exact::HalfWindow, 2> from = in.two_windows();
  for (std::size_t i = 0; i < into.size(); ++i) exact::merge(into[i], from[i]);
  inout.set(into);
}

Uint128 wide(const std::array<std::uint64_t, 5>& words, std::size_t at) {
  return Uint128{words[at + 1]} << 64U | words[at];
}

void add_integers(const Packet& in, Packet& inout) {
  for (std::size_t at = 0; at < 4; at += 2) {
    const Uint128 sum = wide(in.payload, at) + wide(inout.payload, at);
    inout.payload[at] = static_cast<std::uint64_t>(sum);
    inout.payload[at + 1] = static_cast<std::uint64_t>(sum >> 64U);
  }
}

void keep_places(const Packet& in, Packet& inout) {
  for (std::size_t at = 0; at < 4; at += 2) {
    const auto& theirs = in.payload;
    auto& ours = inout.payload;
    if (theirs[at] < ours[at] || (theirs[at] == ours[at] && theirs[at + 1] < ours[at + 1]))
      std::copy_n(&theirs[at], 2, &ours[at]);
  }
}

void merge_payloads(const Packet& in, Packet& inout) {
  auto& ours = inout.payload;
  const auto& theirs = in.payload;
  switch (inout.merge) {
    case Merge::nothing:
      break;
    case Merge::window:
      merge_windows(in, inout);
      break;
    case Merge::two_windows:
      merge_two_windows(in, inout);
      break;
    case Merge::add_integer:
      add_integers(in, inout);
      break;
    case Merge::add_rounded:
      for (std::size_t i = 0; i < inout.count; ++i)
        ours[i] =
            std::bit_cast<std::uint64_t>(std::bit_cast<double>(theirs[i]) + std::bit_cast<double>(ours[i]));
      break;
    case Merge::minimum:
      for (std::size_t i = 0; i < inout.count; ++i) ours[i] = std::min(ours[i], theirs[i]);
      break;
    case Merge::places:
      keep_places(in, inout);
      break;
    case Merge::bits:
      for (std::size_t i = 0; i < inout.count; ++i) ours[i] |= theirs[i];
      break;
  }
}

}  // namespace

void Packet::set(const exact::Window& window) {
  payload = window.digits;
  low = window.low;
  high = window.high;
  specials = window.specials;
}

std::array<exact::HalfWindow, 2> Packet::two_windows() const {
  std::array<exact::HalfWindow, 2> windows;
  std::memcpy(windows[0].digits.data(), payload.data(), sizeof payload / 2);
  std::memcpy(windows[1].digits.data(),
              reinterpret_cast<const std::byte*>(payload.data()) + sizeof payload / 2, sizeof payload / 2);
  windows[0].low = low;
  windows[0].high = high;
  windows[1].low = second_low;
  windows[1].high = second_high;
  windows[0].specials = specials & ((1U << special_bits) - 1);
  windows[1].specials = static_cast<std::uint8_t>(specials >> special_bits);
  return windows;
}

void Packet::set(const std::array<exact::HalfWindow, 2>& windows) {
  std::memcpy(payload.data(), windows[0].digits.data(), sizeof payload / 2);
  std::memcpy(reinterpret_cast<std::byte*>(payload.data()) + sizeof payload / 2, windows[1].digits.data(),
              sizeof payload / 2);
  low = windows[0].low;
  high = windows[0].high;
  second_low = windows[1].low;
  second_high = windows[1].high;
  specials = static_cast<std::uint8_t>(windows[0].specials | windows[1].specials << special_bits);
}

void merge(const Packet& in, Packet& inout) {
  inout.failed = std::min(inout.failed, in.failed);
  inout.flags |= in.flags;
  if (in.call == inout.call) {
    if (!inout.trouble()) merge_payloads(in, inout);
  } else if (in.call == Packet::any_call || inout.call == Packet::any_call) {
    inout.call = std::max(in.call, inout.call);
  } else {
    inout.flags |= Packet::mismatch;
    inout.call = std::min(in.call, inout.call);
  }
}

}  // namespace tutti::comm

#include "tutti/comm/packet.hpp"

#include <algorithm>
#include <bit>

#include "tutti/core/text.hpp"
#include "tutti/exact/window.hpp"

namespace tutti::comm {

namespace {

void merge_windows(const Packet& in, Packet& inout) {
  exact::Window into{inout.payload, inout.low, inout.high, inout.specials};
  exact::merge(into, exact::Window{in.payload, in.low, in.high, in.specials});
  inout.payload = into.digits;
  inout.low = into.low;
  inout.high = into.high;
  inout.specials = into.specials;
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

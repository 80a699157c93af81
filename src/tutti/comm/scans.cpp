#include "tutti/comm/scans.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "tutti/comm/context.hpp"

namespace tutti {

namespace {

constexpr comm::Operation exclusive_operation{"exclusive_scan"};
constexpr comm::Operation inclusive_operation{"inclusive_scan"};

void check_range(const World& world, const comm::Call& call, Int128 result) {
  if (result >= std::numeric_limits<Index>::min() && result <= std::numeric_limits<Index>::max()) return;
  throw RangeError(text(call.operation.name, ": on rank ", world.rank(), " the sum ", result,
                        " does not fit a 64-bit integer; scan float64 or an ExactSum instead"));
}

Index integer_scan(const World& world, const comm::Operation& operation, Index value, Site site) {
  const comm::Call call{operation, site, comm::element_name<Index>(), 1};
  const auto magnitude = static_cast<Uint128>(value < 0 ? -static_cast<Int128>(value) : value);
  comm::Packet packet;
  packet.merge = comm::Merge::add_integer;
  packet.payload[0] = static_cast<std::uint64_t>(magnitude);
  packet.payload[1] = static_cast<std::uint64_t>(magnitude >> 64U);
  world.context().collective(call, packet);
  // In halves, which 2^31 ranks can add up in 64 bits.
  std::array<std::int64_t, 2> halves{value >> 32U, value & 0xffffffff};
  std::array<std::int64_t, 4> room{};
  world.context().payload(
      [&](comm::Channel& channel, comm::Waiting how) { channel.add_integers_before(halves, room, how); });
  Int128 result = static_cast<Int128>(halves[0]) * (Int128{1} << 32U) + halves[1];
  if (&operation == &inclusive_operation) result += value;
  // No partial sum is larger than the sum of the magnitudes.
  const bool all_fit = packet.payload[1] == 0 && packet.payload[0] <= std::numeric_limits<Index>::max();
  if (!all_fit) {
    comm::Packet second;
    world.context().collective(call, second, [&] { check_range(world, call, result); });
  }
  return static_cast<Index>(result);
}

}  // namespace

ExactSum comm::sum_before(const World& world, const Call& call, const std::function<ExactSum()>& part) {
  ExactSum mine;
  Packet packet;
  world.context().collective(call, packet, [&] { mine = part(); });
  std::array<std::int64_t, ExactSum::word_count> words{};
  std::array<std::int64_t, 2 * ExactSum::word_count> room{};
  std::ranges::copy(mine.words(), words.begin());
  world.context().payload(
      [&](Channel& channel, Waiting how) { channel.add_integers_before(words, room, how); });
  return ExactSum::from_words(words);
}

ExactSum exclusive_scan(const World& world, const ExactSum& part, Site site) {
  return comm::sum_before(world, {exclusive_operation, site, comm::element_name<double>(), 1},
                          [&]() -> ExactSum { return part; });
}

ExactSum inclusive_scan(const World& world, const ExactSum& part, Site site) {
  ExactSum sum = comm::sum_before(world, {inclusive_operation, site, comm::element_name<double>(), 1},
                                  [&]() -> ExactSum { return part; });
  sum += part;
  return sum;
}

double exclusive_scan(const World& world, double value, Site site) {
  ExactSum part;
  part.add(value);
  return exclusive_scan(world, part, site).round();
}

double inclusive_scan(const World& world, double value, Site site) {
  ExactSum part;
  part.add(value);
  return inclusive_scan(world, part, site).round();
}

Index exclusive_scan(const World& world, Index value, Site site) {
  return integer_scan(world, exclusive_operation, value, site);
}

Index inclusive_scan(const World& world, Index value, Site site) {
  return integer_scan(world, inclusive_operation, value, site);
}

}  // namespace tutti

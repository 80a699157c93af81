#include "tutti/comm/reductions.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>

#include "tutti/comm/context.hpp"
#include "tutti/comm/trace.hpp"
#include "tutti/exact/number_types.hpp"

namespace tutti {

namespace {

using comm::element_name;
using comm::Merge;
using comm::Operation;
using comm::Packet;

constexpr Operation sum_operation{"sum"};
constexpr Operation several_sums_operation{"sums"};
constexpr Operation rounded_sum_operation{"rounded sum"};
constexpr Operation min_operation{"min"};
constexpr Operation max_operation{"max"};
constexpr Operation any_operation{"any"};
constexpr Operation all_operation{"all"};

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63U;

template <Number T>
T extremum(const World& world, const Operation& operation, T value, std::uint64_t key, bool reversed,
           Site site) {
  const comm::Call call{operation, site, element_name<T>(), 1};
  const auto merged = comm::merge_candidates(world, call, [&] {
    return std::array<comm::Candidate, 2>{comm::candidate(value, key, world.rank()), comm::Candidate{}};
  });
  const T found = comm::value_of<T>(merged[0], reversed);
  comm::trace(world, call, [&] { return std::array{found}; });
  return found;
}

bool any_of(const World& world, const Operation& operation, bool value, Site site) {
  Packet packet;
  packet.merge = Merge::bits;
  packet.count = 1;
  packet.payload[0] = value ? 1 : 0;
  const comm::Call call{operation, site, element_name<bool>(), 1};
  world.context().collective(call, packet);
  comm::trace(world, call, [&] { return std::array{packet.payload[0]}; });
  return packet.payload[0] != 0;
}

}  // namespace

double sum(const World& world, const ExactSum& part, Site site) {
  return exact_sum(world, part, site).round();
}

double sum(const World& world, const ExactAccumulator& part, Site site) {
  return sum(world, part.sum(), site);
}

double sum(const World& world, double value, Site site) {
  return comm::merge_value(world, {sum_operation, site, element_name<double>(), 1}, value);
}

double sum(const World& world, double value, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(world, {rounded_sum_operation, site, element_name<double>(), 1},
                             [&] { return value; });
}

ExactSum exact_sum(const World& world, const ExactSum& part, Site site) {
  return comm::merge_sums(world, {sum_operation, site, element_name<double>(), 1},
                          [&]() -> ExactSum { return part; });
}

std::vector<double> sum(const World& world, std::span<const ExactSum> parts, Site site) {
  const std::vector<ExactSum> sums = exact_sum(world, parts, site);
  std::vector<double> rounded_sums;
  rounded_sums.reserve(sums.size());
  for (const ExactSum& sum : sums) rounded_sums.push_back(sum.round());
  return rounded_sums;
}

std::vector<ExactSum> exact_sum(const World& world, std::span<const ExactSum> parts, Site site) {
  return comm::merge_sums(
      world, {several_sums_operation, site, element_name<double>(), static_cast<Index>(parts.size())},
      parts.size(), [&](std::span<ExactSum> sums) { std::copy(parts.begin(), parts.end(), sums.begin()); });
}

Index sum(const World& world, Index value, Site site) {
  Packet packet;
  packet.merge = Merge::add_integer;
  packet.payload[0] = static_cast<std::uint64_t>(value);
  packet.payload[1] = value < 0 ? ~std::uint64_t{0} : 0;
  const comm::Call call{sum_operation, site, element_name<Index>(), 1};
  world.context().collective(call, packet);
  const auto total = static_cast<Int128>(Uint128{packet.payload[1]} << 64U | packet.payload[0]);
  comm::trace(world, call, [&] { return std::array{total}; });
  if (total < std::numeric_limits<Index>::min() || total > std::numeric_limits<Index>::max())
    throw RangeError(
        text("sum: ", total, " does not fit a 64-bit integer; sum float64 or an ExactSum instead"));
  return static_cast<Index>(total);
}

template <Number T>
T min(const World& world, T value, Site site) {
  return extremum(world, min_operation, value, comm::key(value), false, site);
}

template <Number T>
T max(const World& world, T value, Site site) {
  return extremum(world, max_operation, value, comm::reverse_key(value), true, site);
}

bool any(const World& world, bool value, Site site) { return any_of(world, any_operation, value, site); }
bool all(const World& world, bool value, Site site) { return !any_of(world, all_operation, !value, site); }

namespace comm {

double merge_rounded(const World& world, const Call& call, const std::function<double()>& part) {
  Packet packet;
  packet.merge = Merge::add_rounded;
  packet.count = 1;
  world.context().collective(call, packet, [&] { packet.payload[0] = std::bit_cast<std::uint64_t>(part()); });
  const auto total = std::bit_cast<double>(packet.payload[0]);
  trace(world, call, [&] { return std::array{total}; });
  return total;
}

std::vector<double> merge_rounded(const World& world, const Call& call, std::size_t count,
                                  const std::function<void(std::span<double>)>& parts) {
  std::vector<double> sums;
  std::size_t first = 0;
  do {
    Packet packet;
    packet.merge = Merge::add_rounded;
    packet.count = static_cast<std::uint8_t>(std::min(packet.payload.size(), count - first));
    world.context().collective(call, packet, [&] {
      if (first == 0) {
        sums.resize(count);
        parts(sums);
      }
      for (std::size_t i = 0; i < packet.count; ++i)
        packet.payload[i] = std::bit_cast<std::uint64_t>(sums[first + i]);
    });
    for (std::size_t i = 0; i < packet.count; ++i) sums[first++] = std::bit_cast<double>(packet.payload[i]);
  } while (first < count);
  trace(world, call, [&]() -> const std::vector<double>& { return sums; });
  return sums;
}

// Integer operations only: a caller who flushes subnormal numbers to zero (FTZ, DAZ) would otherwise see
// other extrema than the rest. A float has the key of its own 32 bits.
template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
template <class T>
constexpr BitsOf<T> sign_of = BitsOf<T>{1} << (8 * sizeof(T) - 1);
template <class T>
constexpr BitsOf<T> magnitude_of(T value) {
  return std::bit_cast<BitsOf<T>>(value) & ~sign_of<T>;
}
template <class T>
constexpr bool is_nan(T value) {
  return magnitude_of(value) > std::bit_cast<BitsOf<T>>(std::numeric_limits<T>::infinity());
}

// IEEE 754's order as unsigned integers: negative numbers with all bits flipped, others with the sign bit
// set.
template <Number T>
std::uint64_t key(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (is_nan(value)) return 0;
    const auto bits = std::bit_cast<BitsOf<T>>(value);
    const bool negative = bits > sign_of<T>;  // which -0 is not: it has the key of +0
    return negative ? static_cast<BitsOf<T>>(~bits) : bits | sign_of<T>;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<std::uint64_t>(std::int64_t{value}) ^ sign_bit;
  } else {
    return value;
  }
}

template <Number T>
std::uint64_t reverse_key(T value) {
  if constexpr (std::is_floating_point_v<T>)
    if (is_nan(value)) return 0;
  return ~key(value);
}

template <Number T>
Candidate candidate(T value, std::uint64_t key, Index index) {
  bool negative_zero = false;
  if constexpr (std::is_floating_point_v<T>) negative_zero = std::bit_cast<BitsOf<T>>(value) == sign_of<T>;
  return {key, 2 * static_cast<std::uint64_t>(index) + (negative_zero ? 1U : 0U)};
}

template <Number T>
T value_of(const Candidate& candidate, bool reversed) {
  if constexpr (std::is_floating_point_v<T>)
    if (candidate.key == 0) return std::numeric_limits<T>::quiet_NaN();
  const std::uint64_t key = reversed ? ~candidate.key : candidate.key;
  if constexpr (std::is_floating_point_v<T>) {
    const auto bits = static_cast<BitsOf<T>>(key);
    if (bits == sign_of<T> && (candidate.place & 1U) != 0) return std::bit_cast<T>(sign_of<T>);
    return std::bit_cast<T>((bits & sign_of<T>) != 0 ? static_cast<BitsOf<T>>(bits ^ sign_of<T>)
                                                     : static_cast<BitsOf<T>>(~bits));
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<T>(static_cast<std::int64_t>(key ^ sign_bit));
  } else {
    return key;
  }
}

std::array<Candidate, 2> merge_candidates(const World& world, const Call& call,
                                          const std::function<std::array<Candidate, 2>()>& mine) {
  Packet packet;
  packet.merge = Merge::places;
  world.context().collective(call, packet, [&] {
    const std::array<Candidate, 2> own = mine();
    packet.payload = {own[0].key, own[0].place, own[1].key, own[1].place, 0};
  });
  return {Candidate{packet.payload[0], packet.payload[1]}, Candidate{packet.payload[2], packet.payload[3]}};
}

#define TUTTI_INSTANTIATE(T)                                \
  template std::uint64_t key<T>(T);                         \
  template std::uint64_t reverse_key<T>(T);                 \
  template Candidate candidate<T>(T, std::uint64_t, Index); \
  template T value_of<T>(const Candidate&, bool);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace comm

#define TUTTI_INSTANTIATE(T)                \
  template T min<T>(const World&, T, Site); \
  template T max<T>(const World&, T, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti

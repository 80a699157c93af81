// Element-wise reductions: each rank owns a part of the elements, receives all ranks' values of it, reduces
// them exactly, and sends the results to all. As many bytes as an ordinary allreduce of long arrays moves.
#include <array>
#include <limits>
#include <vector>

#include "tutti/comm/context.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/trace.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/exact/number_types.hpp"

namespace tutti::comm {

namespace {

constexpr Operation sum_operation{"sum_elements"};
constexpr Operation min_operation{"min_elements"};
constexpr Operation max_operation{"max_elements"};
constexpr std::size_t chunk_bytes = std::size_t{16} << 20U;

// The reduction of element i of `ranks` arrays that follow one another. False if an integer sum does not fit.
template <Number T>
bool reduce_one(Elementwise what, std::span<const T> values, std::size_t stride, std::size_t i, T& result) {
  if (what == Elementwise::sum) {
    if constexpr (std::is_floating_point_v<T>) {
      ExactSum total;
      for (std::size_t at = i; at < values.size(); at += stride) total.add(values[at]);
      if constexpr (std::is_same_v<T, float>)
        result = total.round_to_float();
      else
        result = total.round();
    } else {
      Int128 total = 0;
      for (std::size_t at = i; at < values.size(); at += stride) total += static_cast<Int128>(values[at]);
      if (total < static_cast<Int128>(std::numeric_limits<T>::min()) ||
          total > static_cast<Int128>(std::numeric_limits<T>::max()))
        return false;
      result = static_cast<T>(total);
    }
    return true;
  }
  const bool reversed = what == Elementwise::max;
  Candidate best;
  std::uint64_t place = 0;
  for (std::size_t at = i; at < values.size(); at += stride, ++place) {
    const Candidate next = candidate(values[at], reversed ? reverse_key(values[at]) : key(values[at]),
                                     static_cast<Index>(place));
    if (next.key < best.key) best = next;
  }
  result = value_of<T>(best, reversed);
  return true;
}

}  // namespace

template <Number T>
void reduce_elements(const World& world, Elementwise what, std::span<T> values, Site site) {
  const Operation& operation = what == Elementwise::sum   ? sum_operation
                               : what == Elementwise::min ? min_operation
                                                          : max_operation;
  const Call call{operation, site, element_name<T>(), static_cast<Index>(values.size())};
  reduce_elements(world, what, values, call);
}

template <Number T>
void reduce_elements(const World& world, Elementwise what, std::span<T> values, const Call& call) {
  Context& context = world.context();
  const std::size_t chunk = std::min(values.size(), chunk_bytes / sizeof(T));
  const int ranks = context.size();
  const auto me = static_cast<std::size_t>(context.rank());
  std::vector<T> received;
  std::vector<Bytes> send, receive;
  Packet packet;
  context.collective(call, packet, [&] {  // all that may throw, before anything moves
    const Distribution parts(block, static_cast<Index>(chunk), ranks);
    received.resize(parts.max_local_size() * static_cast<std::size_t>(ranks));
    send.resize(static_cast<std::size_t>(ranks));
    receive.resize(static_cast<std::size_t>(ranks));
  });
  bool fits = true;
  for (std::size_t first = 0; first < values.size(); first += chunk) {
    const std::span<T> now = values.subspan(first, std::min(chunk, values.size() - first));
    const Distribution parts(block, static_cast<Index>(now.size()), ranks);
    const std::size_t mine = parts.local_size(context.rank());
    const auto part_of = [&](int r) {
      const Range range = parts.range(r);
      return Bytes{reinterpret_cast<std::byte*>(now.data() + range.first), range.count * sizeof(T)};
    };
    for (int r = 0; r < ranks; ++r) {
      const auto at = static_cast<std::size_t>(r);
      send[at] = part_of(r);
      receive[at] = {reinterpret_cast<std::byte*>(received.data() + at * mine), mine * sizeof(T)};
    }
    context.payload([&](Channel& channel, Waiting how) { channel.exchange(send, receive, how); });
    const std::span<const T> all(received.data(), mine * static_cast<std::size_t>(ranks));
    const std::span<T> results =
        now.subspan(static_cast<std::size_t>(parts.range(context.rank()).first), mine);
    for (std::size_t i = 0; i < mine; ++i) fits &= reduce_one(what, all, mine, i, results[i]);
    for (int r = 0; r < ranks; ++r) {
      send[static_cast<std::size_t>(r)] = part_of(static_cast<int>(me));
      receive[static_cast<std::size_t>(r)] = part_of(r);
    }
    context.payload([&](Channel& channel, Waiting how) { channel.exchange(send, receive, how); });
  }
  if (what == Elementwise::sum && !std::is_floating_point_v<T>) {
    Packet end;
    context.collective(call, end, [&] {
      if (!fits)
        throw RangeError(
            text("sum_elements: a sum does not fit ", element_name<T>().name, "; use a wider type"));
    });
  }
  trace(world, call, [&] {  // too many to be written: their hash
    return std::array{core::hash({reinterpret_cast<const char*>(values.data()), values.size_bytes()})};
  });
}

#define TUTTI_INSTANTIATE(T)                                                    \
  template void reduce_elements(const World&, Elementwise, std::span<T>, Site); \
  template void reduce_elements(const World&, Elementwise, std::span<T>, const Call&);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti::comm

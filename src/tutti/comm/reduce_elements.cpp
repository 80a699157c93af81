// Element-wise reductions. Of many elements each rank owns a part: it receives all ranks' values of it,
// reduces them exactly, and sends the results to all; as many bytes as an ordinary allreduce of long arrays
// moves, and 2 (P - 1) messages. Of few elements, where messages cost more than bytes, log2(P) messages:
// integers are added by MPI in two words, and all ranks reduce everything else by themselves.
#include <array>
#include <optional>
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
constexpr std::size_t few_elements = 64;  // reduced on all ranks sooner than a message takes
constexpr std::size_t few_part_bytes = std::size_t{4} << 10U;  // to a rank

enum class Way { gathered, words, parts };

template <Number T>
Way way_of(Elementwise what, std::size_t n, int ranks) {
  const std::size_t all = n * sizeof(T);  // of a chunk: does not overflow
  if (n <= few_elements && all * slot(ranks) <= chunk_bytes) return Way::gathered;
  if (std::is_integral_v<T> && what == Elementwise::sum && all / slot(ranks) < few_part_bytes &&
      2 * n * sizeof(std::int64_t) <= chunk_bytes)
    return Way::words;
  return Way::parts;
}

// False if a sum does not fit.
template <std::integral T>
bool narrow(Int128 total, T& result) {
  result = static_cast<T>(total);
  return static_cast<Int128>(result) == total;
}

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
      return narrow(total, result);
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

// The elements of one chunk after another. All memory is had before anything moves.
template <Number T>
class Reducer {
 public:
  Reducer(Elementwise what, std::size_t n, int rank, int ranks)
      : what_(what),
        chunk_(std::min(n, chunk_bytes / sizeof(T))),
        rank_(rank),
        ranks_(ranks),
        way_(way_of<T>(what, chunk_, ranks)) {
    if (way_ == Way::words) {
      words_.resize(2 * chunk_);
      return;
    }
    const Distribution parts(block, static_cast<Index>(chunk_), ranks);
    received_.resize((way_ == Way::gathered ? chunk_ : parts.max_local_size()) * slot(ranks));
    send_.resize(slot(ranks));
    receive_.resize(slot(ranks));
  }

  /// @return false if an integer sum does not fit
  bool reduce(Context& context, std::span<T> values) {
    bool fits = true;
    for (std::size_t first = 0; first < values.size(); first += chunk_) {
      const std::span<T> now = values.subspan(first, std::min(chunk_, values.size() - first));
      fits &= way_ == Way::gathered ? gathered(context, now)
              : way_ == Way::words  ? words(context, now)
                                    : parts(context, now);
    }
    return fits;
  }

 private:
  bool gathered(Context& context, std::span<T> now) {
    context.payload([&](Channel& channel, Waiting how) {
      channel.all_gather_equal(std::as_bytes(now), std::as_writable_bytes(std::span(received_)), how);
    });
    return reduce_into(now, now.size());
  }

  // Sums of the lower halves and of the upper halves fit 64 bits on any number of ranks.
  bool words(Context& context, std::span<T> now) {
    bool fits = true;
    if constexpr (std::is_integral_v<T>) {
      for (std::size_t i = 0; i < now.size(); ++i) {
        const auto value = static_cast<Int128>(now[i]);
        words_[2 * i] = static_cast<std::int64_t>(value & 0xffffffff);
        words_[2 * i + 1] = static_cast<std::int64_t>(value >> 32U);
      }
      context.payload([&](Channel& channel, Waiting how) {
        channel.add_integers(std::span(words_).first(2 * now.size()), how);
      });
      for (std::size_t i = 0; i < now.size(); ++i)
        fits &= narrow((static_cast<Int128>(words_[2 * i + 1]) << 32U) + words_[2 * i], now[i]);
    }
    return fits;
  }

  bool parts(Context& context, std::span<T> now) {
    const Distribution parts(block, static_cast<Index>(now.size()), ranks_);
    const std::size_t mine = parts.local_size(rank_);
    const auto part_of = [&](int r) {
      const Range range = parts.range(r);
      return Bytes{reinterpret_cast<std::byte*>(now.data() + range.first), range.count * sizeof(T)};
    };
    for (int r = 0; r < ranks_; ++r) {
      send_[slot(r)] = part_of(r);
      receive_[slot(r)] = {reinterpret_cast<std::byte*>(received_.data() + slot(r) * mine), mine * sizeof(T)};
    }
    context.payload([&](Channel& channel, Waiting how) { channel.exchange(send_, receive_, how); });
    const bool fits =
        reduce_into(now.subspan(static_cast<std::size_t>(parts.range(rank_).first), mine), mine);
    for (int r = 0; r < ranks_; ++r) {
      send_[slot(r)] = part_of(rank_);
      receive_[slot(r)] = part_of(r);
    }
    context.payload([&](Channel& channel, Waiting how) { channel.exchange(send_, receive_, how); });
    return fits;
  }

  bool reduce_into(std::span<T> results, std::size_t stride) {
    const std::span<const T> all(received_.data(), stride * slot(ranks_));
    bool fits = true;
    for (std::size_t i = 0; i < results.size(); ++i) fits &= reduce_one(what_, all, stride, i, results[i]);
    return fits;
  }

  Elementwise what_;
  std::size_t chunk_;
  int rank_, ranks_;
  Way way_;
  std::vector<T> received_;
  std::vector<std::int64_t> words_;
  std::vector<Bytes> send_, receive_;
};

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
  std::optional<Reducer<T>> reducer;
  Packet packet;
  context.collective(call, packet,
                     [&] { reducer.emplace(what, values.size(), context.rank(), context.size()); });
  const bool fits = reducer->reduce(context, values);
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

// How exact sums travel: in the packet that every collective sends, or, where they do not fit it, in a second
// message that holds all sums of the call.
#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "tutti/comm/context.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/trace.hpp"
#include "tutti/exact/window.hpp"

namespace tutti::comm {

namespace {

constexpr std::ptrdiff_t marks = ExactSum::word_count - ExactSum::digits;

int headroom(const Context& context) {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(context.size())));
}

// Digits first .. end - 1, in which every rank's sums lie.
struct DigitRange {
  int first;
  int end;
};

DigitRange range_of(std::span<const ExactSum> sums) {
  DigitRange range{ExactSum::digits, 0};
  for (const ExactSum& sum : sums) {
    if (sum.end_digit() == 0) continue;
    range.first = std::min(range.first, sum.first_digit());
    range.end = std::max(range.end, sum.end_digit());
  }
  return range;
}

// The digits that windows cover; those of a sum with a NaN or an infinity do not matter.
DigitRange range_of(const std::array<exact::HalfWindow, 2>& windows) {
  DigitRange range{ExactSum::digits, 0};
  for (const exact::HalfWindow& window : windows) {
    if (window.low > window.high) continue;
    range.first = std::min(range.first, window.low / ExactSum::digit_bits);
    range.end = std::max(range.end, std::min(window.high / ExactSum::digit_bits + 1, ExactSum::digits));
  }
  return range;
}

// Two sums in one packet. Nothing if they fit it, else the digits that the second message must hold.
template <class Prepare>
std::optional<DigitRange> merge_two(Context& context, const Call& call, std::vector<ExactSum>& sums,
                                    const Prepare& prepare) {
  Packet packet;
  packet.merge = Merge::two_windows;
  context.collective(call, packet, [&] {
    prepare();
    packet.set(std::array{exact::make_window<exact::HalfWindow>(sums[0], headroom(context)),
                          exact::make_window<exact::HalfWindow>(sums[1], headroom(context))});
  });
  const std::array<exact::HalfWindow, 2> merged = packet.two_windows();
  if (!exact::fits(merged[0]) || !exact::fits(merged[1])) return range_of(merged);
  sums[0] = exact::to_sum(merged[0]);
  sums[1] = exact::to_sum(merged[1]);
  return std::nullopt;
}

// More sums than a packet holds: it only finds out which digits the second message must hold.
template <class Prepare>
DigitRange agree_range(Context& context, const Call& call, const std::vector<ExactSum>& sums,
                       const Prepare& prepare) {
  Packet packet;
  packet.merge = Merge::minimum;
  packet.count = 2;
  context.collective(call, packet, [&] {
    prepare();
    const DigitRange mine = range_of(sums);
    packet.payload[0] = static_cast<std::uint64_t>(mine.first);
    packet.payload[1] = static_cast<std::uint64_t>(ExactSum::digits - mine.end);
  });
  return {static_cast<int>(packet.payload[0]), ExactSum::digits - static_cast<int>(packet.payload[1])};
}

// The second message: the digits in a range, and the marks, of all sums. Integers, so MPI may add them in any
// order. `buffer` has its memory already: nothing may throw between two messages.
void add_digits(Context& context, std::vector<ExactSum>& sums, std::vector<std::int64_t>& buffer,
                DigitRange range) {
  const std::ptrdiff_t count = std::max(0, range.end - range.first);
  const std::ptrdiff_t first = count > 0 ? range.first : 0;
  for (const ExactSum& sum : sums) {
    const auto words = sum.words();
    buffer.insert(buffer.end(), words.begin() + first, words.begin() + first + count);
    buffer.insert(buffer.end(), words.begin() + ExactSum::digits, words.end());
  }
  context.payload([&](Channel& channel, Waiting how) { channel.add_integers(buffer, how); });
  auto from = buffer.begin();
  for (ExactSum& sum : sums) {
    std::array<std::int64_t, ExactSum::word_count> words{};
    std::copy(from, from + count, words.begin() + first);
    from += count;
    std::copy(from, from + marks, words.begin() + ExactSum::digits);
    from += marks;
    sum = ExactSum::from_words(words);
  }
}

// Where the window does not hold it: all digits, of all ranks.
ExactSum merge_words(Context& context, const ExactSum& mine) {
  std::array<std::int64_t, ExactSum::word_count> words{};
  std::copy(mine.words().begin(), mine.words().end(), words.begin());
  context.payload([&](Channel& channel, Waiting how) { channel.add_integers(words, how); });
  return ExactSum::from_words(words);
}

ExactSum merge_one(Context& context, const Call& call, const std::function<ExactSum()>& part) {
  ExactSum mine;
  Packet packet;
  packet.merge = Merge::window;
  context.collective(call, packet, [&] {
    mine = part();
    packet.set(exact::make_window<exact::Window>(mine, headroom(context)));
  });
  if (exact::fits(packet.window())) return exact::to_sum(packet.window());
  return merge_words(context, mine);
}

}  // namespace

double merge_value(const World& world, const Call& call, double value) {
  Context& context = world.context();
  Packet packet;
  packet.merge = Merge::window;
  packet.set(exact::window_of(value, headroom(context)));
  context.collective(call, packet);
  double total = 0;
  if (exact::fits(packet.window())) {
    total = exact::round(packet.window());
  } else {
    ExactSum mine;
    mine.add(value);
    total = merge_words(context, mine).round();
  }
  trace(world, call, [&] { return std::array{total}; });
  return total;
}

ExactSum merge_sums(const World& world, const Call& call, const std::function<ExactSum()>& part) {
  const ExactSum total = merge_one(world.context(), call, part);
  trace(world, call, [&] { return std::array{total.round()}; });
  return total;
}

std::vector<ExactSum> merge_sums(const World& world, const Call& call, std::size_t count,
                                 const std::function<void(std::span<ExactSum>)>& parts) {
  Context& context = world.context();
  std::vector<ExactSum> sums;
  std::vector<std::int64_t> buffer;
  const auto prepare = [&] {
    sums.resize(count);
    if (count > 1) buffer.reserve(count * ExactSum::word_count);
    parts(sums);
  };
  if (count == 1) {
    const ExactSum only = merge_sums(world, call, [&]() -> ExactSum {
      prepare();
      return sums[0];
    });
    sums[0] = only;
    return sums;
  }
  if (count == 2) {
    if (const auto range = merge_two(context, call, sums, prepare)) add_digits(context, sums, buffer, *range);
  } else {
    const DigitRange range = agree_range(context, call, sums, prepare);
    if (count > 0) add_digits(context, sums, buffer, range);
  }
  trace(world, call, [&] {
    std::vector<double> values;
    for (const ExactSum& sum : sums) values.push_back(sum.round());
    return values;
  });
  return sums;
}

}  // namespace tutti::comm

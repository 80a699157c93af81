#include "tutti/comm/exchange.hpp"

#include <algorithm>
#include <optional>

#include "tutti/comm/context.hpp"
#include "tutti/comm/exchange_plan.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

namespace {

constexpr Operation exchange_operation{"exchange"};

void check_ranks(const World& world, const char* what, std::span<const Message> messages) {
  for (const Message& message : messages)
    if (message.rank < 0 || message.rank >= world.size())
      throw DistributionError(text("exchange: a message ", what, " rank ", message.rank,
                                   ", which is not one of the ", world.size(), " ranks"));
}

// Two independent hashes as one number of 128 bits.
Uint128 hash_of(int from, int to, std::uint64_t order, std::size_t bytes) {
  const auto mixed = [&](std::uint64_t state) {
    state = core::mix(state, static_cast<std::uint64_t>(from) << 32U | static_cast<std::uint64_t>(to));
    return core::mix(core::mix(state, order), bytes);
  };
  return Uint128{mixed(core::hash("send"))} << 64U | mixed(core::hash("receive"));
}

// What this rank sends less what it expects. Modulo 2^128 the numbers of all ranks add up to zero if, and but
// for one case in 2^128 only if, each message has its place.
Uint128 balance(const World& world, std::span<const Message> sends, std::span<const Message> receives) {
  Uint128 sum = 0;
  std::vector<std::uint64_t> sent(slot(world.size()), 0), expected(slot(world.size()), 0);
  for (const Message& message : sends)
    sum += hash_of(world.rank(), message.rank, sent[slot(message.rank)]++, message.bytes.size);
  for (const Message& message : receives)
    sum -= hash_of(message.rank, world.rank(), expected[slot(message.rank)]++, message.bytes.size);
  return sum;
}

std::string count_text(Index bytes) { return bytes == 1 ? "1 byte" : text(bytes, " bytes"); }

// Compares what a rank sends here with what is expected of it.
void compare(int from, int to, std::span<const Index> sent, std::span<const Index> expected, Site site) {
  const std::string name = text("exchange at ", site.text(), ": rank ");
  const std::size_t common = std::min(sent.size(), expected.size());
  for (std::size_t i = 0; i < common; ++i)
    if (sent[i] != expected[i])
      throw ShapeError(text(name, from, " sends ", count_text(sent[i]), " to rank ", to, ", which expects ",
                            expected[i], " (message ", i, " between them)"),
                       {{}, {sent[i], expected[i]}});
  if (sent.size() > common)
    throw MismatchError(text(name, from, " sends ", sent.size(), " messages to rank ", to, ", which expects ",
                             common, "; message ", common, " has ", count_text(sent[common])));
  if (expected.size() > common)
    throw MismatchError(text(name, to, " expects ", expected.size(), " messages of rank ", from,
                             ", which sends it ", common, "; message ", common, " should have ",
                             count_text(expected[common])));
}

// The lengths of a rank's messages, by partner.
struct Lengths {
  std::vector<Index> lengths;
  std::vector<Index> counts;  // one for each rank
  std::vector<Bytes> parts;   // of `lengths`, one for each rank

  Lengths(const World& world, std::span<const Message> messages) : counts(slot(world.size()), 0) {
    std::vector<Message> sorted(messages.begin(), messages.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Message& a, const Message& b) { return a.rank < b.rank; });
    for (const Message& message : sorted) {
      ++counts[slot(message.rank)];
      lengths.push_back(static_cast<Index>(message.bytes.size));
    }
    cut();
  }
  explicit Lengths(std::size_t ranks) : counts(ranks, 0) {}

  void cut() {
    auto* at = reinterpret_cast<std::byte*>(lengths.data());
    for (const Index count : counts) {
      parts.push_back({at, static_cast<std::size_t>(count) * sizeof(Index)});
      at += parts.back().size;
    }
  }
  std::span<const Index> of(std::size_t rank) const {
    return {reinterpret_cast<const Index*>(parts[rank].data), static_cast<std::size_t>(counts[rank])};
  }
};

// The lists do not fit: every rank tells its partners what it sends them. Each step is a collective of its
// own before it moves anything, since memory is wanted for each.
[[noreturn]] void explain(const World& world, const Call& call, std::span<const Message> sends,
                          std::span<const Message> receives) {
  Context& context = world.context();
  std::optional<Lengths> sent, expected, announced;
  std::vector<Index> room;
  Packet first, second, third;
  context.collective(call, first, [&] {
    sent.emplace(world, sends);
    expected.emplace(world, receives);
    announced.emplace(slot(world.size()));
    announced->counts = sent->counts;
    room.resize(slot(world.size()));
  });
  context.payload([&](Channel& channel, Waiting how) { channel.transpose(announced->counts, room, how); });
  context.collective(call, second, [&] {
    Index all = 0;
    for (const Index count : announced->counts) all += count;
    announced->lengths.resize(static_cast<std::size_t>(all));
    announced->cut();
  });
  context.payload(
      [&](Channel& channel, Waiting how) { channel.exchange(sent->parts, announced->parts, how); });
  context.collective(call, third, [&] {
    for (int rank = 0; rank < world.size(); ++rank)
      compare(rank, world.rank(), announced->of(slot(rank)), expected->of(slot(rank)), call.site);
  });
  throw InternalError("exchange: the lists of messages do not fit, and yet they do");
}

}  // namespace

void agree_on_messages(const World& world, const Call& call,
                       const std::function<void(MessageLists& lists)>& describe) {
  MessageLists lists;
  Packet packet;
  packet.merge = Merge::add_integer;
  world.context().collective(call, packet, [&] {
    describe(lists);
    check_ranks(world, "to", lists.sends);
    check_ranks(world, "from", lists.receives);
    const Uint128 mine = balance(world, lists.sends, lists.receives);
    packet.payload[0] = static_cast<std::uint64_t>(mine);
    packet.payload[1] = static_cast<std::uint64_t>(mine >> 64U);
  });
  if (packet.payload[0] != 0 || packet.payload[1] != 0) explain(world, call, lists.sends, lists.receives);
}

void exchange(const World& world, const ElementName& element, std::span<const Message> sends,
              std::span<const Message> receives, Site site) {
  Context& context = world.context();
  std::vector<MPI_Request> requests;
  agree_on_messages(world, {exchange_operation, site, element}, [&](MessageLists& lists) {
    lists = {sends, receives};
    requests.reserve(context.channel().pieces_of(sends) + context.channel().pieces_of(receives));
  });
  context.payload([&](Channel& channel, Waiting how) {
    channel.begin_some(sends, receives, requests);
    Channel::finish(requests, how);
  });
}

}  // namespace tutti::comm

#include "tutti/comm/node_memory.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <vector>

#include "tutti/comm/context.hpp"

namespace tutti::comm {

namespace {

constexpr Operation again_operation{"book again"};

[[noreturn]] void refuse_hidden(const World& world, const std::string& name) {
  throw SystemError(text(name, ": the ranks of node ", world.node_name(),
                         " cannot share memory: one of them cannot open another's /proc/PID/fd; mount /proc "
                         "without hidepid, and run all ranks as one user in one PID namespace"),
                    {name, {0, 0}});
}

// Ranks in the order in which their stripes lie in memory: by node, then by rank.
std::vector<int> places_of(const NodeMap& nodes) {
  std::vector<int> ranks_before(static_cast<std::size_t>(nodes.nodes) + 1, 0);
  for (const int node : nodes.node_of) ++ranks_before[static_cast<std::size_t>(node) + 1];
  for (std::size_t node = 1; node < ranks_before.size(); ++node) ranks_before[node] += ranks_before[node - 1];
  std::vector<int> places;
  for (const int node : nodes.node_of) places.push_back(ranks_before[static_cast<std::size_t>(node)]++);
  return places;
}

Range nth_stripe(Index n, int place, int size) {
  const Index least = n / size, longer = n % size;
  const Index first = place * least + std::min<Index>(place, longer);
  return {first, static_cast<std::size_t>(least + (place < longer ? 1 : 0))};
}

// One rank of each node reserves what all of them need (each for itself, where they share no counters), and
// then does what else must succeed on all. It may come before the others, who still hold what they are about
// to give back; so a node is full only if it is full when all ranks are here.
memory::Booking book(const World& world, const Call& call, const std::function<memory::Holding()>& describe,
                     const std::function<void(const memory::Holding&)>& reserved) {
  memory::Holding holding;
  std::optional<memory::Reservation> reservation;
  const auto reserve = [&] {
    const bool for_all = world.node_rank() == 0 || !world.context().process().page->shared();
    if (!for_all || reservation) return;
    memory::Reservation fresh = world.ledger().reserve(holding);
    reserved(holding);
    reservation = std::move(fresh);
  };
  Packet packet;
  packet.merge = Merge::bits;
  packet.count = 1;
  world.context().collective(call, packet, [&] {
    holding = describe();
    try {
      reserve();
    } catch (const BudgetError&) {
      packet.payload[0] = 1;
    }
  });
  if (packet.payload[0] != 0) {
    Call again{again_operation, call.site};
    again.note = call.note;
    Packet second, third;
    world.context().collective(again, second);  // with it, shared memory has left all ranks
    world.context().collective(again, third, reserve);
  }
  return reservation ? world.ledger().enter(std::move(holding), std::move(*reservation))
                     : world.ledger().enter(std::move(holding));
}

}  // namespace

memory::Booking book(const World& world, const Call& call, const std::function<memory::Holding()>& describe) {
  return book(world, call, describe, [](const memory::Holding&) {});
}

NodeSegment until_next_collective(const World& world, memory::SharedSegment segment) {
  return {new memory::SharedSegment(std::move(segment)), [world](memory::SharedSegment* last) {
            const std::unique_ptr<memory::SharedSegment> owner(last);
            try {
              world.context().process().leaving.push_back(std::move(*owner));
            } catch (const std::bad_alloc&) {  // then it ends here
            }
          }};
}

NodeMemory share(const World& world, const Call& call, const std::function<memory::Holding()>& describe,
                 const std::function<void(memory::SharedSegment&)>& prepare) {
  Context& context = world.context();
  const NodePage& page = *context.process().page;
  const int maker = context.nodes().slots[0];
  std::optional<memory::SharedSegment> segment;
  memory::Booking booking = book(world, call, describe, [&](const memory::Holding& holding) {
    if (world.node_size() > 1 && !page.shared()) refuse_hidden(world, holding.name);
    segment =
        memory::SharedSegment::create_empty(checked_cast<std::size_t>(holding.node_bytes), holding.name);
    page.post(maker, segment->handle());
  });
  world.together(
      text("map ", call.note),
      [&] {
        if (!segment) segment = memory::SharedSegment::open(page.posted(maker), memory::Access::read_write);
        prepare(*segment);
      },
      call.site);
  segment->close_handle();
  return {until_next_collective(world, std::move(*segment)), std::move(booking)};
}

Stripes::Stripes(const World& world, Index n, std::span<std::byte> all) {
  const NodeMap& nodes = world.context().nodes();
  const std::vector<int> places = places_of(nodes);
  const auto range_of = [&](std::size_t rank) { return nth_stripe(n, places[rank], world.size()); };
  const auto me = static_cast<std::size_t>(world.rank());
  mine_ = range_of(me);
  if (n == 0) return;
  const std::size_t bytes = all.size() / static_cast<std::size_t>(n);
  const auto bytes_of = [&](std::size_t rank) {
    const Range range = range_of(rank);
    return Bytes{all.data() + static_cast<std::size_t>(range.first) * bytes, range.count * bytes};
  };
  my_bytes_ = {bytes_of(me).data, bytes_of(me).size};
  if (nodes.nodes == 1) return;
  std::vector<int> ranks_on(static_cast<std::size_t>(nodes.nodes), 0);
  std::vector<int> node_rank;  // of every rank
  for (const int node : nodes.node_of) node_rank.push_back(ranks_on[static_cast<std::size_t>(node)]++);
  // The rank with the same number on the other node takes the stripe; where that node has fewer ranks, again
  // from its first.
  const auto takes = [&](std::size_t to, std::size_t from) {
    const int node = nodes.node_of[to];
    return node != nodes.node_of[from] &&
           node_rank[from] % ranks_on[static_cast<std::size_t>(node)] == node_rank[to];
  };
  for (std::size_t other = 0; other < nodes.node_of.size(); ++other) {
    send_.push_back(takes(other, me) ? bytes_of(me) : Bytes{nullptr, 0});
    receive_.push_back(takes(me, other) ? bytes_of(other) : Bytes{nullptr, 0});
  }
}

void Stripes::allocate(memory::SharedSegment& segment) const {
  segment.allocate(my_bytes_);
  for (const Bytes& part : receive_) segment.allocate({part.data, part.size});
}

void Stripes::exchange(const World& world) const {
  if (send_.empty()) return;
  world.context().payload([&](Channel& channel, Waiting how) { channel.exchange(send_, receive_, how); });
}

}  // namespace tutti::comm

#include "tutti/comm/tickets.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "tutti/comm/agree.hpp"
#include "tutti/comm/context.hpp"
#include "tutti/comm/interruption.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/comm/node_memory.hpp"
#include "tutti/comm/ticket_window.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

// Each counter exists twice, and takes turns: when all ranks are in the packet of reset(), nobody uses the
// other one any more, which was set to zero before that packet by the first rank.
class Tickets::Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  virtual Index draw(int turn) = 0;
  virtual void set_zero(int turn) = 0;  ///< on the first rank
  virtual void attend() const {}
};

namespace {

constexpr Operation ready_operation{"tickets are ready"};

std::size_t first_free(const std::array<std::uint64_t, 5>& used) {
  std::size_t word = 0;
  while (64 * word < TicketWindow::places && ~used[word] == 0) ++word;
  return std::min(TicketWindow::places, 64 * word + static_cast<std::size_t>(std::countr_one(used[word])));
}

class OnNode : public Tickets::Source {
 public:
  OnNode(const World& world, const Call& call, const std::function<void()>& check)
      : memory_(share(
            world, call,
            [&] {
              check();
              return memory::Holding{
                  std::string(call.note), memory::Category::node_shared, 0, bytes, -1, 0, {}};
            },
            [&](memory::SharedSegment& segment) {
              if (world.node_rank() == 0) segment.allocate(segment.bytes());
            })) {}
  Index draw(int turn) override { return counter(turn).fetch_add(1, std::memory_order_relaxed); }
  void set_zero(int turn) override { counter(turn).store(0, std::memory_order_seq_cst); }

 private:
  static constexpr std::size_t bytes = 4096, apart = 256;  // of a page; so that no cache line has two

  std::atomic_ref<Index> counter(int turn) const {
    std::byte* const at = memory_.segment->bytes().data() + static_cast<std::size_t>(turn) * apart;
    return std::atomic_ref<Index>(*reinterpret_cast<Index*>(at));
  }
  NodeMemory memory_;
};

class InWindow : public Tickets::Source {
 public:
  InWindow(const World& world, const Call& call, const std::function<void()>& check) : world_(world) {
    Context& context = world.context();
    Packet packet;
    packet.merge = Merge::bits;
    packet.count = std::tuple_size_v<decltype(TicketWindow::used)>;
    std::copy(window().used.begin(), window().used.end(), packet.payload.begin());
    context.collective(call, packet, check);
    place_ = first_free(packet.payload);
    if (place_ == TicketWindow::places)
      throw DistributionError(text(call.note, ": this World has ", TicketWindow::places,
                                   " such counters already; let some of them end first"));
    agree(world, {ready_operation, call.site}, [&] {
      if (!window().is_open())
        context.payload(
            [&](Channel& channel, Waiting how) { window().open(channel, context.nodes().host, how); });
      if (!window().is_open()) return;
      for (const int each : {0, 1})
        if (world.rank() == 0) window().set_zero(place_, each);
      window().use(place_, true);
    });
  }
  ~InWindow() override { window().use(place_, false); }
  InWindow(const InWindow&) = delete;
  InWindow& operator=(const InWindow&) = delete;

  Index draw(int turn) override {
    Index ticket = 0;
    world_.context().payload([&](Channel&, Waiting) { ticket = window().fetch_and_add(place_, turn, 1); });
    return ticket;
  }
  void set_zero(int turn) override { window().set_zero(place_, turn); }
  void attend() const override {
    int found = 0;
    if (world_.rank() == 0)
      check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, no_tag, world_.context().channel().communicator(), &found,
                           MPI_STATUS_IGNORE),
                "MPI_Iprobe");
  }

 private:
  static constexpr int no_tag = 0;  // that no message of ours has
  TicketWindow& window() const { return world_.context().tickets(); }

  World world_;
  std::size_t place_ = 0;
};

}  // namespace

Tickets::Tickets(const World& world, const Call& call, const std::function<void()>& check)
    : world_(world), id_(world.context().sequence()) {
  if (world.nodes() == 1 && world.context().process().page->shared())
    source_ = std::make_unique<OnNode>(world, call, check);
  else
    source_ = std::make_unique<InWindow>(world, call, check);
}
Tickets::Tickets(Tickets&&) noexcept = default;
Tickets& Tickets::operator=(Tickets&&) noexcept = default;
Tickets::~Tickets() = default;

std::optional<Index> Tickets::draw() {
  if (interruption::requested.load(std::memory_order_relaxed) != 0) [[unlikely]]
    return std::nullopt;
  return source_->draw(turn_);
}

void Tickets::attend() const { source_->attend(); }

void Tickets::reset(const Call& call) {
  const int next = 1 - turn_;
  Call mine = call;
  mine.detail = core::mix(call.detail, id_);
  agree(world_, mine, [&] {
    if (world_.rank() == 0) source_->set_zero(next);
  });
  turn_ = next;
}

}  // namespace tutti::comm

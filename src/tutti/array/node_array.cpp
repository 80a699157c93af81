#include "tutti/array/node_array.hpp"

#include <atomic>

#include "tutti/array/named_call.hpp"
#include "tutti/comm/agree.hpp"
#include "tutti/comm/node_memory.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation once_operation{"new node-shared array"};
constexpr comm::Operation repeatedly_operation{"new updatable node-shared array"};
constexpr comm::Operation publish_operation{"publish"};
constexpr comm::Operation update_operation{"update"};
constexpr comm::Operation fill_operation{"fill"};
constexpr comm::Operation spread_operation{"spread over the nodes"};

// Before the packet by which a rank says that it has written, and after the one by which it hears of others:
// nothing says that MPI orders accesses to memory that is not its own.
void order_memory() { std::atomic_thread_fence(std::memory_order_seq_cst); }

}  // namespace

NodeArray::NodeArray(const World& world, const comm::ElementName& element, Index n, std::string name,
                     Placement placement, Filled filled, Site site)
    : world_(world), name_(std::move(name)), n_(n), element_(element) {
  comm::Call wanted = call(filled == Filled::once ? once_operation : repeatedly_operation, site);
  wanted.detail = core::mix(wanted.detail, static_cast<std::uint64_t>(placement));
  comm::NodeMemory memory = comm::share(
      world_, wanted, [&] { return holding(); },
      [&](memory::SharedSegment& segment) { prepare(segment, filled); });
  booking_ = std::move(memory.booking);
  writing_ = std::move(memory.segment);
}

comm::Call NodeArray::call(const comm::Operation& operation, Site site) const {
  return named_call(operation, site, element_, n_, name_);
}

memory::Holding NodeArray::holding() const {
  const std::uint64_t bytes = bytes_of(n_, element_, name_, 1);
  return {name_, memory::Category::node_shared, 0, bytes, n_, element_.bytes, {}};
}

void NodeArray::prepare(memory::SharedSegment& segment, Filled filled) {
  stripes_ = std::make_shared<comm::Stripes>(world_, n_, segment.bytes());
  stripes_->allocate(segment);
  if (filled == Filled::repeatedly)
    reading_ = comm::until_next_collective(world_, segment.again(memory::Access::read_only));
}

NodeArray::Stripe NodeArray::stripe() {
  if (readable_)
    throw DistributionError(
        text(name_,
             ": is published already, and others may be reading it; what changes again belongs into "
             "an UpdatableNodeShared"),
        {name_, {}});
  writing_->set_access(memory::Access::read_write);  // again, where another rank failed to fill its stripe
  const Range range = stripes_->mine();
  return {writing_->bytes().data() + static_cast<std::size_t>(range.first) * element_.bytes, range};
}

void NodeArray::fill_mine(const Fill& fill) {
  const Range range = stripes_->mine();
  fill(writing_->bytes().data() + static_cast<std::size_t>(range.first) * element_.bytes, range);
  order_memory();
}

void NodeArray::publish(const Fill& fill, Site site) {
  const bool one_node = world_.nodes() == 1;
  comm::agree(world_, call(publish_operation, site), [&] {
    const Stripe mine = stripe();
    fill(mine.data, mine.range);
    order_memory();
    if (one_node) writing_->set_access(memory::Access::read_only);
  });
  if (!one_node) {
    stripes_->exchange(world_);
    comm::agree(world_, call(spread_operation, site), [&] {
      order_memory();
      writing_->set_access(memory::Access::read_only);
    });
  }
  order_memory();
  readable_ = true;
}

void NodeArray::update(const Fill& fill, Site site) {
  comm::agree(world_, call(update_operation, site), [] {});  // all have ended reading
  readable_ = false;
  comm::agree(world_, call(fill_operation, site), [&] { fill_mine(fill); });
  if (world_.nodes() > 1) {
    stripes_->exchange(world_);
    comm::agree(world_, call(spread_operation, site), order_memory);
  }
  order_memory();
  readable_ = true;
}

std::span<const std::byte> NodeArray::view() const {
  if (!readable_ || !writing_)  // or it was moved from
    throw DistributionError(text(name_, ": nobody has filled it yet; call ",
                                 reading_ ? "update()" : "publish()", " on all ranks before view()"),
                            {name_, {}});
  return reading_ ? reading_->view() : writing_->view();
}

}  // namespace tutti::array

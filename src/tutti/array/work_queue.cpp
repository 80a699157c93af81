#include "tutti/array/work_queue.hpp"

#include <algorithm>

#include "tutti/array/named_call.hpp"
#include "tutti/core/error.hpp"

namespace tutti {

namespace {

constexpr comm::Operation new_queue{"new work queue"};
constexpr comm::Operation reset_operation{"reset of work queue"};

// Enough chunks that the last ones of all ranks end at nearly the same time, few enough that asking is cheap.
Index usual_chunk(Index n, int ranks) {
  constexpr Index chunks_a_rank = 32;
  return std::max<Index>(1, n / (chunks_a_rank * ranks));
}

}  // namespace

WorkQueue::WorkQueue(const World& world, Index n, std::optional<Index> chunk, std::string name, Site site)
    : world_(world),
      name_(std::move(name)),
      n_(n),
      chunk_(chunk.value_or(usual_chunk(n, world.size()))),
      tickets_(world, call(new_queue, site), [&] {
        if (n_ < 0)
          throw DistributionError(text(name_, ": ", n_, " items; give 0 or more"), {name_, {n_, 0}});
        if (chunk_ < 1)
          throw DistributionError(text(name_, ": ", chunk_, " items at a time; give 1 or more"),
                                  {name_, {chunk_, 1}});
      }) {}

comm::Call WorkQueue::call(const comm::Operation& operation, Site site) const {
  comm::Call call = array::named_call(operation, site, comm::no_elements, n_, name_);
  call.detail = core::mix(call.detail, static_cast<std::uint64_t>(chunk_));
  return call;
}

Range WorkQueue::next() {
  const Range none{n_, 0};
  if (empty_) return none;
  const Index chunks = n_ / chunk_ + (n_ % chunk_ != 0 ? 1 : 0);
  const std::optional<Index> ticket = tickets_.draw();
  empty_ = ticket && *ticket >= chunks;
  if (!ticket || empty_) return none;
  const Index first = *ticket * chunk_;
  return {first, static_cast<std::size_t>(std::min(chunk_, n_ - first))};
}

void WorkQueue::reset(Site site) {
  tickets_.reset(call(reset_operation, site));
  empty_ = false;
}

}  // namespace tutti

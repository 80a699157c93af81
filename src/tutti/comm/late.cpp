// What a World does about its nonblocking operations: late_channel.hpp says how they travel, round.hpp how
// failures and disorder are heard meanwhile.
#include <algorithm>
#include <sched.h>

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

namespace {

constexpr std::chrono::milliseconds longest_patience{250};

// Waiting for nonblocking operations is, for the watchdog, waiting in a World of its own.
std::uint64_t late_id(std::uint64_t world) { return core::mix(world, core::hash("late")) | 1U; }

}  // namespace

void Process::progress_late() const {
  for (LateChannel* channel : late) channel->progress();
}

void Context::pause() const {
  if (process_->nodes.oversubscribed) sched_yield();
}

// From here on this World's packets are Iallreduce, which MPI does not match with blocking ones: so all ranks
// must know, and the first operation is a collective like any other.
void Context::open_late(const Call& call) {
  Packet packet;
  collective(call, packet);
  process_->watchdog->resume();
  late_ = std::make_unique<LateChannel>(*this, channel_, process_->packets);
  if (waiting_ == Waiting::blocking) waiting_ = Waiting::polling;
  process_->late.push_back(late_.get());
  process_->watchdog->add_world(late_id(id_), nodes_.slots);
  process_->watchdog->leave();
}

std::shared_ptr<LateOperation> Context::post(std::unique_ptr<LateOperation> operation) {
  if (ended_ || left_ || resting_ > 0) refuse();
  std::shared_ptr<LateOperation> posted = std::move(operation);
  if (!late_) open_late(posted->call);
  process_->progress_late();
  hear(posted->call);
  posted->mine.head.call = hash_of(posted->call, process_->settings.strict);
  late_->post(posted);
  return posted;
}

bool Context::advance(LateOperation& operation) {
  if (!operation.over()) {
    if (ended_ || left_ || resting_ > 0) refuse();
    process_->progress_late();
  }
  if (operation.done()) return true;
  if (operation.over()) core::raise(*operation.why);
  hear(operation.call);
  Round& round = late_->round();
  if (round.busy()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (operation.listen_at == std::chrono::steady_clock::time_point{})
    operation.listen_at = now + operation.patience;
  if (late_->alarm() == nullptr && now < operation.listen_at) return false;
  operation.patience = std::min(2 * operation.patience, longest_patience);
  operation.listen_at = now + operation.patience;
  round.listen();
  return false;
}

void Context::wait(LateOperation& operation) {
  struct Watched {
    Watchdog& watchdog;
    ~Watched() { watchdog.leave(); }
  } const watched{*process_->watchdog};
  if (operation.over() && advance(operation)) return;
  process_->watchdog->enter(late_id(id_), operation.number, operation.call);
  while (!advance(operation)) pause();
}

// In a round in which this rank has listened, and that ends in an error, all others wait for it.
void Context::hear(const Call& call) {
  Round& round = late_->round();
  round.progress(call, Round::Doing::waiting);
  if (!round.troubled()) return;
  end_round(call, Round::Doing::waiting);
  throw_agreed(settle(call, round.merged(), nullptr));
}

void Context::end_round(const Call& call, Round::Doing doing) {
  for (Round& round = late_->round(); round.busy(); pause()) {
    process_->progress_late();
    round.progress(call, doing);
  }
}

std::optional<core::ErrorRecord> Context::stop_listening(const Call& call, Round::Doing doing) {
  if (!late_ || !late_->round().busy()) return std::nullopt;
  end_round(call, doing);
  if (!late_->round().trouble()) return std::nullopt;
  return settle(call, late_->round().merged(), nullptr);
}

Packet Context::exchange_beside_late(const Call& call, const Packet& packet, const core::ErrorRecord* mine) {
  if (!late_) {
    Packet merged;
    MPI_Request request = channel_.begin(packet, merged);
    for (int arrived = 0; arrived == 0; pause()) {
      process_->progress_late();
      check_mpi(MPI_Test(&request, &arrived, MPI_STATUS_IGNORE), "MPI_Test");
    }
    ++sequence_;
    return merged;
  }
  const Round::Doing doing = mine != nullptr ? Round::Doing::waiting : Round::Doing::calling;
  Round& round = late_->round();
  if (round.busy()) {  // this rank has listened, and since then got what it waited for
    end_round(call, doing);
    if (round.trouble()) return round.merged();
  }
  do {
    round.begin(packet, mine);
    end_round(call, doing);
  } while (round.again());
  return round.merged();
}

void Context::drain() {
  if (!late_) return;
  process_->watchdog->resume();
  for (; !late_->idle(); pause()) process_->progress_late();
  process_->watchdog->leave();
}

void Context::end_late() {
  if (!late_) return;
  drain();
  process_->watchdog->remove_world(late_id(id_));
  std::erase(process_->late, late_.get());
  late_->release();
  late_.reset();
}

}  // namespace tutti::comm

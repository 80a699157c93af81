// What a World does about its nonblocking operations: late_channel.hpp says how they travel, round.hpp how
// failures and disorder are heard meanwhile.
#include <sched.h>

#include "tutti/comm/backoff.hpp"
#include "tutti/comm/context.hpp"
#include "tutti/comm/interruption.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

namespace {

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

// What every wait does besides, in whichever World: another rank may be waiting for just that.
void Context::attend(const Call& call, Patience& patience) {
  process_->progress_late();
  const bool impatient = patience.ends();
  for (LateChannel* late : process_->late) late->world().listen(call, impatient);
}

// Takes part in this World's rounds without waiting. What is heard is thrown where this World is next used.
void Context::listen(const Call& call, bool impatient) {
  Round& round = late_->round();
  if (round.driven() || round.untold() || ended_ || left_) return;
  if (!round.busy()) {
    if (impatient || late_->alarm() != nullptr) round.listen();
    return;
  }
  round.progress(call, Round::Doing::waiting);
  if (!round.untold()) return;
  if ((round.merged().flags & Packet::closing) != 0) ended_ = round.trouble();
  if ((round.merged().flags & Packet::leaving) != 0) left_ = round.trouble();
}

void Context::throw_heard(const Call& call) {
  if (late_ && late_->round().untold()) throw_agreed(settle(call, late_->round().merged(), nullptr));
}

std::shared_ptr<LateOperation> Context::post(std::unique_ptr<LateOperation> operation) {
  std::shared_ptr<LateOperation> posted = std::move(operation);
  throw_heard(posted->call);
  if (ended_ || left_ || resting_ > 0) refuse();
  if (!late_) open_late(posted->call);
  attend(posted->call, posted->patience);
  // The ranks are agreeing on how many operations each has posted: too late for one more.
  if (late_->round().troubled()) end_round(posted->call, Round::Doing::waiting);
  throw_heard(posted->call);
  posted->mine.head.call = hash_of(posted->call, process_->settings.strict);
  late_->post(posted);
  return posted;
}

bool Context::advance(LateOperation& operation) {
  if (!operation.over()) {
    throw_heard(operation.call);
    if (ended_ || left_ || resting_ > 0) refuse();
    if (interruption::requested.load(std::memory_order_relaxed) != 0)
      fail(operation.call, interruption::take());
    attend(operation.call, operation.patience);
  }
  if (operation.done()) return true;
  throw_heard(operation.call);
  if (operation.over()) core::raise(*operation.why);
  return false;
}

void Context::wait(LateOperation& operation) {
  if (operation.over() && advance(operation)) return;
  struct Watched {
    Watchdog& watchdog;
    ~Watched() { watchdog.leave(); }
  } const watched{*process_->watchdog};
  process_->watchdog->enter(late_id(id_), operation.number, operation.call);
  Backoff backoff;
  while (!advance(operation)) {
    if (operation.stage == LateOperation::Stage::data) process_->watchdog->resume();
    if (process_->nodes.oversubscribed) backoff.wait();
  }
}

void Context::end_round(const Call& call, Round::Doing doing) {
  Round& round = late_->round();
  Patience patience;
  Backoff backoff;
  round.drive(true);
  while (round.busy()) {
    attend(call, patience);
    round.progress(call, doing);
    if (round.busy() && process_->nodes.oversubscribed) backoff.wait();
  }
  round.drive(false);
}

std::optional<core::ErrorRecord> Context::stop_listening(const Call& call, Round::Doing doing) {
  if (!late_) return std::nullopt;
  Round& round = late_->round();
  if (round.busy()) end_round(call, doing);
  if (!round.untold()) return std::nullopt;
  return settle(call, round.merged(), nullptr);
}

Packet Context::exchange_beside_late(const Call& call, const Packet& packet, const core::ErrorRecord* mine) {
  if (!late_) {
    Packet merged;
    Patience patience;
    MPI_Request request = channel_.begin(packet, merged);
    for (int arrived = 0; arrived == 0; pause()) {
      attend(call, patience);
      check_mpi(MPI_Test(&request, &arrived, MPI_STATUS_IGNORE), "MPI_Test");
    }
    ++sequence_;
    return merged;
  }
  const Round::Doing doing = mine != nullptr ? Round::Doing::waiting : Round::Doing::calling;
  Round& round = late_->round();
  if (round.busy()) end_round(call, doing);   // this rank has listened, and since then got what it waited for
  if (round.untold()) return round.merged();  // and this is what it heard
  do {
    round.begin(packet, mine);
    end_round(call, doing);
  } while (round.again());
  return round.merged();
}

void Context::end_late() {
  if (!late_) return;
  process_->watchdog->remove_world(late_id(id_));
  std::erase(process_->late, late_.get());
  late_->release();
  late_.reset();
}

}  // namespace tutti::comm

// Sub-worlds: a scope that is heard to the end, by its members and by the World that was split.
//
// Inside the scope of a split, ranks may wait in the sub-world, in the World that was split, or in one
// between them (rows and columns of a grid are both split from one World). A rank that fails must be heard in
// each of these: so at the end of a scope it posts its packets to all of them at once, without waiting for
// one before the other, and brings each World's second round on its way as soon as that World's packet has
// arrived. This is why such Worlds are waited for by polling.
//
// Each rank sends one such packet on each of these Worlds. A rank that hears of another's in a collective of
// its own has thereby answered it: for it, that World is `left_` until it leaves the scope, too.
#include <algorithm>
#include <list>

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

namespace {

constexpr Operation end_of_sub_world{"end of sub-world"};
constexpr Operation end_of_split{"end of split"};

}  // namespace

std::vector<Context*> Process::open_worlds() const {
  std::vector<Context*> worlds;
  for_each_open_world([&](Context& world) { worlds.push_back(&world); });
  return worlds;
}

std::shared_ptr<Context> Context::begin_split(const Call& call, int colour) {
  Packet packet;
  collective(call, packet, [&] {
    if (colour < 0) throw DistributionError(text("split: colour ", colour, "; give a number of at least 0"));
  });
  process_->watchdog->resume();
  MPI_Comm own = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(channel_.communicator(), colour, rank(), &own), "MPI_Comm_split");
  const std::uint64_t id = core::mix(core::mix(id_, ++splits_), static_cast<std::uint64_t>(colour)) | 1U;
  std::shared_ptr<Context> sub(new Context(own, process_, id));
  sub->waiting_ = process_->nodes.oversubscribed ? Waiting::yielding : Waiting::polling;
  sub->join_watch();
  process_->watchdog->leave();
  for (Context* outer : process_->open_worlds()) {
    if (outer == this) break;
    ++outer->resting_;
  }
  ++open_scopes_;
  process_->scopes.emplace_back(this, sub.get());
  return sub;
}

/// The end of one World's part in a failing scope: a packet, then, if there was trouble, the record of it.
/// Before that, if this rank has listened in that World while it waited for a nonblocking operation, the end
/// of that round.
class Context::Ending {
 public:
  Ending(Context& world, const Call& call, std::uint8_t flags, const core::ErrorRecord* mine)
      : world_(world),
        call_(call),
        own_round_(world),
        round_(world.late_ ? world.late_->round() : own_round_) {
    packet_.flags = flags;
    packet_.call = world.hash_of(call, false);
    if (mine != nullptr) fail_by(*mine);
    listened_ = round_.busy() || round_.untold();
    if (!listened_) begin();
    round_.drive(true);
  }

  const Context& world() const { return world_; }
  bool done() const { return done_; }
  const std::optional<core::ErrorRecord>& outcome() const { return outcome_; }

  void progress() {
    if (done()) return;
    round_.progress(call_, mine_ ? Round::Doing::waiting : Round::Doing::calling);
    if (round_.busy()) return;
    if (listened_)
      end_listening();
    else if (round_.again())
      begin();
    else
      finish();
  }

 private:
  void begin() { round_.begin(packet_, mine_ ? &*mine_ : nullptr); }

  void fail_by(const core::ErrorRecord& record) {
    mine_ = record;
    packet_.failed = world_.rank();
    packet_.call = Packet::any_call;
  }

  // What was heard then may have been a rank that ended this World, or left the scope. Otherwise that rank is
  // still to be told how this one leaves.
  void end_listening() {
    listened_ = false;
    const bool ending = (round_.merged().flags & (Packet::closing | Packet::leaving)) != 0;
    if (round_.trouble() && ending) {
      finish();
      return;
    }
    if (round_.trouble() && !mine_) fail_by(round_.tell());
    begin();
  }

  void finish() {
    outcome_ = round_.trouble();
    if (outcome_) round_.tell();
    if (outcome_ && (round_.merged().flags & Packet::closing) != 0) world_.ended_ = outcome_;
    // Nobody may listen any more in a World that has ended, though this rank still waits in others.
    if ((packet_.flags & Packet::closing) == 0) round_.drive(false);
    done_ = true;
  }

  Context& world_;
  const Call& call_;
  Round own_round_;
  Round& round_;
  Packet packet_;
  std::optional<core::ErrorRecord> mine_, outcome_;
  bool listened_ = false, done_ = false;
};

// The Worlds between this one and its innermost sub-world, which may be in use inside the scope that ends.
std::vector<Context*> Context::worlds_between() const {
  const auto worlds = process_->open_worlds();
  const auto self = std::find(worlds.begin(), worlds.end(), this);
  return {self + 1, worlds.end() - 1};
}

// What was heard by leaving is thrown by the end of the scope.
void Context::come_back() {
  if (left_ && late_ && late_->round().untold()) late_->round().tell();
  left_.reset();
}

void Context::leave_scope(Context& sub) {
  for (Context* world : worlds_between()) world->come_back();
  come_back();
  process_->scopes.pop_back();
  --open_scopes_;
  for (Context* outer : process_->open_worlds()) {
    if (outer == this) break;
    --outer->resting_;
  }
  sub.release();
  if (!sub.ended_) sub.end("a sub-world was used after the end of its split()");
}

void Context::end_split(const Call& call, Context& sub, const std::exception_ptr& failure) {
  const Call close_call{end_of_sub_world, call.site}, end_call{end_of_split, call.site};
  std::optional<core::ErrorRecord> failed = left_;  // what all ranks of this World have heard, or will hear
  if (!failed && failure) failed = record_of(failure);
  if (!failed) failed = sub.ended_;  // swallowed here, but a peer has left the sub-world by it
  std::list<Ending> endings;         // addresses must stay: requests point into them
  const auto post = [&](Context& world, const Call& what, std::uint8_t flags) {
    if (!world.ended_ && !world.left_) endings.emplace_back(world, what, flags, failed ? &*failed : nullptr);
  };
  const auto between = worlds_between();
  const auto tell_between = [&] {
    for (Context* world : between) post(*world, end_call, Packet::leaving);
  };
  process_->watchdog->enter(id_, sequence_, end_call);
  post(sub, close_call, Packet::closing);
  post(*this, end_call, Packet::leaving);
  if (failed) tell_between();
  const auto open = [&] {
    return std::any_of(endings.begin(), endings.end(), [](const Ending& e) { return !e.done(); });
  };
  Patience patience;
  while (open()) {
    for (Ending& ending : endings) ending.progress();
    if (!failed) {
      const auto troubled = std::find_if(endings.begin(), endings.end(),
                                         [](const Ending& e) { return e.outcome().has_value(); });
      if (troubled != endings.end()) {
        failed = troubled->outcome();
        tell_between();
      }
    }
    attend(end_call, patience);
    pause();
  }
  process_->watchdog->leave();
  leave_scope(sub);
  if (!failed) return;
  // What this World agreed on is the same on all its ranks; a sub-world may know another error of its own.
  for (const Ending& ending : endings)
    if (&ending.world() == this && ending.outcome()) failed = ending.outcome();
  throw_agreed(*failed);
}

}  // namespace tutti::comm

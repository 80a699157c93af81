#include "tutti/comm/context.hpp"

#include <array>
#include <new>
#include <vector>

#include "tutti/comm/backoff.hpp"
#include "tutti/comm/interruption.hpp"
#include "tutti/comm/mismatch.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::comm {

namespace {

constexpr Operation finalize_operation{"finalize"};
constexpr int largest_status = 255;

bool is_bad_alloc(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

// std::bad_alloc does not say what was wanted; what this process has and what the node has left say nearly as
// much.
std::string what_is_left() {
  try {
    const auto mine = memory::process_memory();
    return text("; this rank holds ", bytes_text(mine ? mine->rss : 0), ", its node has ",
                bytes_text(memory::available_bytes()), " left");
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

Context::Context(MPI_Comm own, std::shared_ptr<Process> process, std::uint64_t id)
    : channel_(own, process->packets), process_(std::move(process)), id_(id) {}

Context::~Context() = default;

void Context::refuse() const {
  if (ended_) core::raise(*ended_);
  if (left_) core::raise(*left_);
  throw DistributionError(
      "a World was used inside a scope in which it rests; inside split() use the sub-world or the World that "
      "was split, "
      "inside together() no other World");
}

std::uint64_t Context::hash_of(const Call& call, bool with_site) const {
  const std::uint64_t posted = late_ ? late_->posted() : 0;
  return core::mix(call.hash(with_site), depth_ + (posted << 16U)) | 1U;
}

Packet Context::exchange(const Call& call, const Packet& packet, const core::ErrorRecord* mine) {
  if (ended_ || left_ || resting_ > 0) [[unlikely]]
    refuse();
  process_->watchdog->enter(id_, sequence_, call);
  Packet merged;
  if (process_->late.empty()) [[likely]] {
    // Inside a scope a rank may have to wait for several Worlds at once, which MPI can.
    merged = board_ && open_scopes_ == 0 ? exchange_on_board(packet) : channel_.exchange(packet, waiting());
    ++sequence_;
  } else {
    merged = exchange_beside_late(call, packet, mine);
  }
  process_->watchdog->leave();
  if (!process_->leaving.empty()) [[unlikely]]
    process_->leaving.clear();
  if (!flights_.empty()) [[unlikely]]
    land_forgotten();
  return merged;
}

// MPI knows nothing of this wait, and other ranks may wait for messages that MPI has not sent yet.
Packet Context::exchange_on_board(const Packet& packet) {
  constexpr int first_look_of_mpi = 256, looks_for_one_of_mpi = 32;
  const bool yield = process_->nodes.oversubscribed;
  Backoff backoff;
  int looks = yield ? first_look_of_mpi : 0;
  return board_->exchange(packet, [&] {
    if (yield)
      backoff.wait();
    else
      relax();
    if (++looks < first_look_of_mpi + looks_for_one_of_mpi) return;
    channel_.progress();
    looks = first_look_of_mpi;
  });
}

void Context::collective(const Call& call, Packet& packet) {
  if (interruption::requested.load(std::memory_order_relaxed) != 0) [[unlikely]]
    fail(call, interruption::take());
  packet.call = hash_of(call, process_->settings.strict);
  packet = exchange(call, packet);
  if (packet.trouble()) [[unlikely]]
    throw_agreed(settle(call, packet, nullptr));
}

void Context::fail(const Call& call, const std::exception_ptr& failure) {
  const core::ErrorRecord record = record_of(failure);
  Packet packet;
  packet.failed = rank();
  Call failing = call;
  failing.note = record.message;  // so that whoever waits for the others meanwhile can say why
  process_->watchdog->forget_call();
  const core::ErrorRecord agreed = settle(failing, exchange(failing, packet, &record), &record);
  process_->watchdog->forget_call();
  // A lower rank's error came first: the request to end stands.
  if (record.type == ErrorType::interrupted && agreed.type != ErrorType::interrupted)
    interruption::requested.store(static_cast<int>(record.data.number[0]));
  throw_agreed(agreed);
}

core::ErrorRecord Context::record_of(const std::exception_ptr& failure) const {
  core::ErrorRecord record = core::describe(failure);
  if (is_bad_alloc(failure)) record.message += what_is_left();
  if (record.rank < 0 && record.agreement == 0) {  // what was agreed on may belong to no single rank
    record.rank = process_->rank;
    record.node = process_->nodes.host;
  }
  return record;
}

std::uint64_t Context::agreement() const { return core::mix(id_, sequence_) | 1U; }

bool Context::already_agreed(const std::exception_ptr& failure) const {
  return failure && core::describe(failure).agreement == agreement();
}

void Context::throw_agreed(core::ErrorRecord record) {
  record.agreement = agreement();
  if (record.type == ErrorType::interrupted) interruption::heard();
  core::raise(record);
}

// The second round. All ranks have seen the same merged packet, so all of them are here.
core::ErrorRecord Context::settle(const Call& call, const Packet& merged, const core::ErrorRecord* mine) {
  core::ErrorRecord record;
  if (late_) {
    record = late_->round().tell();
  } else {
    process_->watchdog->resume();
    record = merged.failed != Packet::nobody ? share_record(merged.failed, mine) : explain_mismatch(call);
    process_->watchdog->leave();
  }
  if ((merged.flags & Packet::closing) != 0) ended_ = record;
  if ((merged.flags & Packet::leaving) != 0) left_ = record;
  return record;
}

core::ErrorRecord Context::share_record(int from, const core::ErrorRecord* mine) {
  core::ErrorBytes bytes{};
  if (rank() == from) bytes = core::encode(*mine);
  channel_.broadcast(std::as_writable_bytes(std::span(bytes)), from, waiting());
  return core::decode(bytes);
}

core::ErrorRecord Context::explain_mismatch(const Call& call) {
  const CallText mine = call_text(process_->rank, call);
  std::vector<CallText> all(rank() == 0 ? static_cast<std::size_t>(size()) : 0);
  channel_.gather_equal(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(all)), 0,
                        waiting());
  core::ErrorRecord record;
  if (rank() == 0) record = mismatch_record(all, sequence_ - 1, title());
  return share_record(0, &record);
}

void Context::begin_together() {
  process_->for_each_open_world([&](Context& other) {
    if (&other != this) ++other.resting_;
  });
  ++depth_;
}

void Context::end_together(const Call& call, const std::exception_ptr& failure) {
  struct Leave {
    Context& self;
    ~Leave() {
      --self.depth_;
      self.process_->for_each_open_world([&](Context& other) {
        if (&other != &self) --other.resting_;
      });
    }
  } const leave{*this};
  if (already_agreed(failure) || (failure && ended_)) std::rethrow_exception(failure);
  if (failure) fail(call, failure);
  Packet packet;
  collective(call, packet);
}

MPI_Comm Context::begin_guarded(const Call& call, bool wanted) {
  Packet packet;
  collective(call, packet);
  if (wanted && users_ == MPI_COMM_NULL)
    payload([&](Channel& channel, Waiting) {
      check_mpi(MPI_Comm_dup(channel.communicator(), &users_), "MPI_Comm_dup");
    });
  begin_together();
  process_->watchdog->let_in();
  return wanted ? users_ : MPI_COMM_NULL;
}

void Context::end_guarded(const Call& call, const std::exception_ptr& failure) {
  struct Forget {
    Watchdog& watchdog;
    ~Forget() { watchdog.fails_with(std::nullopt); }
  } const forget{*process_->watchdog};
  process_->watchdog->leave();
  if (failure && !already_agreed(failure)) process_->watchdog->fails_with(record_of(failure));
  try {
    end_together(call, failure);
  } catch (...) {
    // Messages may be under way that nobody has received: they must not reach a later section. So the
    // communicator is never freed, or MPICH would give its context, and with it these messages, to a new one.
    users_ = MPI_COMM_NULL;
    throw;
  }
}

std::optional<core::ErrorRecord> Context::close(const std::exception_ptr& failure, int& code) {
  if (ended_) return ended_;
  Call call{finalize_operation, Site(nullptr, 0)};
  constexpr std::uint64_t no_code = ~std::uint64_t{0};
  Packet packet;
  packet.flags = Packet::closing;
  packet.merge = Merge::minimum;
  packet.count = 1;
  if (code < 0 || code > largest_status)
    code = largest_status;  // the shell would see it modulo 256: 256 as success
  packet.payload[0] =
      code == 0 ? no_code : static_cast<std::uint64_t>(rank()) << 32U | static_cast<std::uint32_t>(code);
  packet.call = hash_of(call, false);
  resting_ = 0;
  std::optional<core::ErrorRecord> mine =
      stop_listening(call, failure ? Round::Doing::waiting : Round::Doing::calling);
  if (ended_) return ended_;
  if (failure) mine = record_of(failure);
  if (mine) {
    packet.failed = rank();
    packet.call = Packet::any_call;
    call.note = mine->message;
  }
  const Packet merged = exchange(call, packet, mine ? &*mine : nullptr);
  if (merged.trouble()) return settle(call, merged, mine ? &*mine : nullptr);
  code = merged.payload[0] == no_code ? 0 : static_cast<int>(static_cast<std::uint32_t>(merged.payload[0]));
  end("a World was used after its end");
  return std::nullopt;
}

std::optional<core::ErrorRecord> Context::abandon(const std::exception_ptr& failure) {
  static constexpr Operation operation{"exit"};
  while (!process_->scopes.empty()) {
    const auto [outer, sub] = process_->scopes.back();
    try {
      outer->end_split({operation, Site(nullptr, 0)}, *sub, failure);
    } catch (const Error&) {  // what the ranks agreed on; close() agrees once more, on the outermost World
    }
  }
  int code = 0;
  return close(failure, code);
}

void Context::release() {
  drain();
  tickets_.release();
  end_late();
  process_->watchdog->remove_world(id_);
  if (users_ != MPI_COMM_NULL) check_mpi(MPI_Comm_free(&users_), "MPI_Comm_free");
  channel_.release();
}

void Context::abolish() {
  int code = 0;
  const bool in_order = !ended_ && !close(nullptr, code);
  release();
  process_->packets->release();
  process_->watchdog->stop();
  if (process_->trace) process_->trace->finish();
  if (in_order) end("a World was used after its communicator was freed");
}

void Context::end(const char* why) {
  ended_.emplace();
  ended_->type = ErrorType::distribution;
  ended_->message = why;
}

}  // namespace tutti::comm

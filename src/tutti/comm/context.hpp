// The guard: the protocol by which all ranks of a World learn the same thing from every collective.
//
// Every collective sends one packet (packet.hpp). If the merged packet shows no trouble, the operation goes
// on with its payload, and nothing in it may throw any more. Otherwise all ranks, having seen the same
// packet, enter a second round: the lowest failing rank's error is broadcast, or, where the calls differ, the
// texts of all calls are gathered on rank 0, grouped there, and broadcast. So every rank throws the same
// error from the collective it is in.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "tutti/comm/board.hpp"
#include "tutti/comm/call.hpp"
#include "tutti/comm/channel.hpp"
#include "tutti/comm/late_channel.hpp"
#include "tutti/comm/process.hpp"
#include "tutti/comm/round.hpp"
#include "tutti/comm/ticket_window.hpp"
#include "tutti/core/error_record.hpp"

namespace tutti::comm {

class Flight;

class Context {
 public:
  /// The outermost World over `own`, a communicator of ours, which it takes over. Collective.
  /// Nonsense in an environment variable of one rank is not yet an error: see start().
  static std::shared_ptr<Context> outermost(MPI_Comm own, ErrorStyle style);
  /// Collective. To be called once after outermost(). @throws what went wrong on a rank in it, on all ranks.
  void start();

  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  int rank() const { return channel_.rank(); }
  int size() const { return channel_.size(); }
  Process& process() { return *process_; }
  const Process& process() const { return *process_; }
  int node() const { return nodes_.node; }
  const NodeMap& nodes() const { return nodes_; }
  Channel& channel() { return channel_; }
  Waiting waiting() const {
    return open_scopes_ > 0 && waiting_ == Waiting::blocking ? Waiting::polling : waiting_;
  }
  bool ended() const { return ended_.has_value(); }
  std::uint64_t sequence() const { return sequence_; }

  /// Collective. Sends `packet`, and leaves in it what all ranks sent. After it returns, all ranks are in the
  /// same call.
  /// @throws what another rank threw, or MismatchError: on all ranks.
  void collective(const Call& call, Packet& packet);

  /// The same, where this rank must check something first, alone: what `check` throws is thrown on all ranks.
  template <class Check>
  void collective(const Call& call, Packet& packet, const Check& check) {
    std::exception_ptr failure;
    try {
      check();
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) fail(call, failure);
    collective(call, packet);
  }

  /// Collective; this rank fails in it. @throws the error of the lowest failing rank.
  [[noreturn]] void fail(const Call& call, const std::exception_ptr& failure);

  /// A payload that follows a packet: runs `transfer(channel, waiting)` while the watchdog sees this rank
  /// waiting.
  template <class Transfer>
  void payload(const Transfer& transfer) {
    struct Watched {
      Watchdog& watchdog;
      ~Watched() { watchdog.leave(); }
    } const watched{*process_->watchdog};
    process_->watchdog->resume();
    transfer(channel_, waiting());
  }

  /// Collective, without waiting (but the first of a World, which makes the communicators): posts a
  /// nonblocking operation, which all ranks must post in the same place among all their calls.
  std::shared_ptr<LateOperation> post(std::unique_ptr<LateOperation> operation);
  /// One step towards the end of an operation. @return whether it is done.
  /// @throws what another rank threw, or MismatchError: on all ranks.
  bool advance(LateOperation& operation);
  /// The same until it is done.
  void wait(LateOperation& operation);
  /// Collective, when the World has been closed. Waits until nothing is under way: no nonblocking operation,
  /// no message.
  void drain();

  /// Messages that the World keeps until they have arrived. After reserve_flight(), take_off() does not
  /// throw.
  void reserve_flight() { flights_.reserve(flights_.size() + 1); }
  void take_off(std::shared_ptr<Flight> flight) { flights_.push_back(std::move(flight)); }
  /// Waits for them.
  void land(Flight& flight);

  /// Of counters that all ranks share (tickets.hpp).
  TicketWindow& tickets() { return tickets_; }

  /// together(): what happens inside f belongs to one level; nothing else in this process may communicate
  /// meanwhile.
  void begin_together();
  /// Collective. @throws `failure`, if it is not null, or what another rank failed with.
  void end_together(const Call& call, const std::exception_ptr& failure);

  /// guarded(): all ranks are in `call` before any of them makes MPI calls of its own. @return a communicator
  /// of this World's ranks for these calls, if `wanted`, else MPI_COMM_NULL. Collective.
  MPI_Comm begin_guarded(const Call& call, bool wanted);
  /// Collective. @throws as end_together().
  void end_guarded(const Call& call, const std::exception_ptr& failure);

  /// Collective. The sub-world of all ranks that give the same colour; see end_split().
  std::shared_ptr<Context> begin_split(const Call& call, int colour);
  /// Collective over this World; closes the sub-world. @throws what a rank of any colour failed with, on all
  /// ranks.
  void end_split(const Call& call, Context& sub, const std::exception_ptr& failure);

  /// Collective. The last packet of an outermost World. `code` is this rank's exit status; the lowest rank's
  /// nonzero one is agreed. @return the error that ends the World, if there is one.
  std::optional<core::ErrorRecord> close(const std::exception_ptr& failure, int& code);

  /// The process is about to exit inside the World: says so to the others, through all open scopes.
  std::optional<core::ErrorRecord> abandon(const std::exception_ptr& failure);

  /// Collective. Frees the communicator; only after the World has been closed on all ranks.
  void release();

  /// Collective. Ends an outermost World, whose communicator goes away; ranks that wait in it hear of that.
  void abolish();

 private:
  class Ending;
  friend class Round;

  Context(MPI_Comm own, std::shared_ptr<Process> process, std::uint64_t id);
  void join_watch();

  std::uint64_t hash_of(const Call& call, bool with_site) const;
  const char* title() const { return process_->outermost == this ? "" : " of a sub-world"; }
  Packet exchange(const Call& call, const Packet& packet, const core::ErrorRecord* mine = nullptr);
  Packet exchange_on_board(const Packet& packet);
  void land_forgotten();
  Packet exchange_beside_late(const Call& call, const Packet& packet, const core::ErrorRecord* mine);
  void pause() const;
  void open_late(const Call& call);
  void attend(const Call& call, Patience& patience);
  void listen(const Call& call, bool impatient);
  void end_round(const Call& call, Round::Doing doing);
  void throw_heard(const Call& call);
  std::optional<core::ErrorRecord> stop_listening(const Call& call, Round::Doing doing);
  void end_late();
  [[noreturn]] void refuse() const;
  std::uint64_t agreement() const;  ///< names the last packet of this World
  bool already_agreed(const std::exception_ptr& failure) const;
  core::ErrorRecord record_of(const std::exception_ptr& failure) const;
  core::ErrorRecord settle(const Call& call, const Packet& merged, const core::ErrorRecord* mine);
  core::ErrorRecord share_record(int from, const core::ErrorRecord* mine);
  core::ErrorRecord explain_mismatch(const Call& call);
  [[noreturn]] void throw_agreed(core::ErrorRecord record);
  std::vector<Context*> worlds_between() const;
  void come_back();
  void leave_scope(Context& sub);
  void end(const char* why);

  Channel channel_;
  std::optional<Board> board_;      ///< of an outermost World on one node
  MPI_Comm users_ = MPI_COMM_NULL;  ///< for the program's own calls, once it has asked for it
  std::shared_ptr<Process> process_;
  std::unique_ptr<LateChannel> late_;  ///< since the first nonblocking operation
  std::vector<std::shared_ptr<Flight>> flights_;
  TicketWindow tickets_;
  NodeMap nodes_;
  std::uint64_t id_;
  Waiting waiting_ = Waiting::blocking;
  std::uint64_t sequence_ = 0;  ///< packets so far; the same on all ranks
  std::uint64_t splits_ = 0;
  std::uint64_t depth_ = 0;  ///< of nested together()
  int open_scopes_ = 0;      ///< splits of this World that are open
  int resting_ = 0;          ///< > 0: an inner scope is open in which this World must not be used
  std::optional<core::ErrorRecord> ended_;  ///< why no further collective is possible
  /// The error by which another rank has left the open scope: no further collective is possible in it.
  std::optional<core::ErrorRecord> left_;
};

}  // namespace tutti::comm

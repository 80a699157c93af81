// The communicators of a World's nonblocking operations, and what is under way on them.
//
// MPI matches nonblocking collectives in the order in which each rank posts them. So all of ours have one
// wire shape, too: each is, or begins with, one MPI_Iallreduce of one wide packet. They carry data only. That
// a rank has failed, or that the ranks have posted different numbers of them, is said on the World's blocking
// channel, where a rank listens that waits for an operation (round.hpp).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <mpi.h>

#include "tutti/comm/call.hpp"
#include "tutti/comm/channel.hpp"
#include "tutti/comm/packet.hpp"
#include "tutti/comm/round.hpp"
#include "tutti/core/error_record.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti::comm {

/// A packet with room for any exact sum, so that a nonblocking sum needs no second message.
struct WidePacket {
  Packet head;                                              ///< of it: the call and the flags
  std::array<std::uint64_t, ExactSum::word_count> words{};  ///< added up as integers, modulo 2^64
};
static_assert(sizeof(WidePacket) == 64 + 1112);

/// inout := in combined with inout.
void merge(const WidePacket& in, WidePacket& inout);

/// When a rank that waits begins to listen: after 10 ms, and then again, at most every 250 ms.
class Patience {
 public:
  bool ends();

 private:
  int looks_ = 0;
  std::chrono::milliseconds span_{10};
  std::chrono::steady_clock::time_point end_{};
};

/// One nonblocking operation. The library owns it, and the memory that it writes to, until it is over: a
/// caller may have lost interest, or be unwinding its stack.
class LateOperation {
 public:
  explicit LateOperation(const Call& call_) : call(call_), note_(call_.note) { call.note = note_; }
  LateOperation(const LateOperation&) = delete;
  LateOperation& operator=(const LateOperation&) = delete;

  bool done() const { return stage == Stage::done; }
  /// Done; or some rank never posted it, or posted another one, and the ranks have agreed on an error since.
  bool over() const { return done() || why != nullptr; }

  enum class Stage { packet, data, done, failed };

  Call call;
  std::uint64_t number = 0;  ///< 0 for the first of its World, then 1, ...
  Stage stage = Stage::packet;
  WidePacket mine, merged;
  MPI_Request request = MPI_REQUEST_NULL;
  std::span<std::byte> data;      ///< what a broadcast brings
  std::shared_ptr<void> storage;  ///< where that lies
  std::shared_ptr<const core::ErrorRecord> why;

  Patience patience;  ///< of the rank that waits for it

 private:
  std::string note_;
};

class LateChannel {
 public:
  /// Collective over the blocking channel of `world`.
  LateChannel(Context& world, const Channel& blocking, std::shared_ptr<PacketType> packets);
  LateChannel(const LateChannel&) = delete;
  LateChannel& operator=(const LateChannel&) = delete;
  ~LateChannel() = default;  // never calls MPI: see release()
  /// Collective, when idle(). Frees the communicators.
  void release();

  Context& world() { return world_; }
  /// The rounds on the blocking channel, from now on all of them.
  Round& round() { return round_; }
  std::uint64_t posted() const { return posted_; }
  bool idle() const { return packets_.empty() && data_.empty(); }

  void post(std::shared_ptr<LateOperation> operation);
  /// Does what can be done without waiting.
  void progress();

  /// The first operation in which the ranks turned out to do different things, until settle(); else null.
  const LateOperation* alarm() const { return failed_.empty() ? nullptr : failed_.front().get(); }
  /// The call of an operation whose packet has not come back, or came back with trouble; else null.
  const Call* call(std::uint64_t number) const;

  /// The ranks have agreed on an error, and that no rank has posted more than `posted` operations: those that
  /// this rank has left out are posted as void ones, so that all ranks are in step again.
  void settle(std::uint64_t posted, const core::ErrorRecord& why);

 private:
  void arrived(const std::shared_ptr<LateOperation>& operation);
  void fail(const std::shared_ptr<LateOperation>& operation);
  bool progress_data(LateOperation& operation);

  Context& world_;
  Round round_;
  MPI_Comm own_ = MPI_COMM_NULL;
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
  MPI_Op operation_ = MPI_OP_NULL;
  Channel data_channel_;
  std::size_t piece_;
  std::uint64_t posted_ = 0;
  std::uint64_t settled_ = 0;                           ///< what happened in operations before this is known
  std::shared_ptr<const core::ErrorRecord> why_;        ///< as what
  std::deque<std::shared_ptr<LateOperation>> packets_;  ///< whose packet is under way, in order
  std::deque<std::shared_ptr<LateOperation>> data_;     ///< whose data are, or will be next, in order
  std::vector<std::shared_ptr<LateOperation>> failed_;  ///< in trouble that is not settled yet
};

}  // namespace tutti::comm

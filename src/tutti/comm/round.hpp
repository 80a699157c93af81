// One guarded round on the blocking channel of a World, made without blocking: the packet, and, where it
// shows trouble, all that follows until every rank has the same error.
//
// In a World with nonblocking operations, a rank that waits for one listens on the blocking channel at the
// same time: it posts a packet there that matches any call. Whoever is in a collective, closes the World, or
// fails, meets it there. All ranks of such a round then say how many operations they have posted, and whether
// they are in a collective. A rank that is in one will post nothing before it ends, and each collective has
// its place among the nonblocking operations; so if any rank has posted more than one that is in a
// collective, the ranks are out of order, for certain: an error on all of them. If not, the round meant
// nothing, and those in a collective send their packet once more.
//
// The numbers are taken at different times. They only grow; so the conclusion holds nevertheless.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <mpi.h>

#include "tutti/comm/call.hpp"
#include "tutti/comm/mismatch.hpp"
#include "tutti/comm/packet.hpp"
#include "tutti/core/error_record.hpp"

namespace tutti::comm {

class Context;

class Round {
 public:
  /// What this rank is doing meanwhile.
  enum class Doing {
    calling,  ///< it is in a collective, and posts no nonblocking operation before that ends
    waiting   ///< it waits for a nonblocking operation, or is about to fail
  };

  explicit Round(Context& world) : world_(world) {}
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;

  /// @param mine  the error, where the packet says that this rank has failed
  void begin(const Packet& packet, const core::ErrorRecord* mine);
  /// Begins a round in which this rank only listens.
  void listen();

  /// Does the next step, if it can be done without waiting.
  /// @param call  what this rank is in, for the text of a mismatch
  void progress(const Call& call, Doing doing);

  /// Set while a call of this World goes through its rounds: whoever waits elsewhere leaves them alone.
  void drive(bool yes) { driven_ = yes; }
  bool driven() const { return driven_; }

  bool busy() const { return stage_ != Stage::idle; }
  /// It will end in an error: from now on this rank must do nothing in this World but end the round.
  bool troubled() const { return stage_ >= Stage::troubled; }

  // Of a round that is over:
  const Packet& merged() const { return merged_; }
  const std::optional<core::ErrorRecord>& trouble() const { return trouble_; }
  /// Nothing in this World has thrown the error yet.
  bool untold() const { return untold_; }
  /// The error, for whoever throws it.
  const core::ErrorRecord& tell() {
    untold_ = false;
    return *trouble_;
  }
  /// Some rank only listened: the packet has to be sent once more.
  bool again() const { return !trouble_ && (merged_.flags & Packet::listening) != 0; }

 private:
  enum class Stage { idle, packet, state, drain, troubled, posted, texts, record };

  void packet_arrived(const Call& call, Doing doing);
  void send_numbers(Stage stage, bool with_posted);
  void judge();
  void share(const Call& call);
  void explain();
  void end_in_trouble();
  void over();
  const Call& call_to_show(const Call& call) const;

  Context& world_;
  Stage stage_ = Stage::idle;
  Packet packet_, merged_;
  MPI_Request request_ = MPI_REQUEST_NULL;
  std::array<std::int64_t, 3> numbers_{};  ///< - most posted, least posted (by those who count), alarm
  CallText my_text_{};
  std::vector<CallText> texts_;
  core::ErrorBytes bytes_{};
  std::optional<core::ErrorRecord> trouble_;
  bool untold_ = false, driven_ = false;
};

}  // namespace tutti::comm

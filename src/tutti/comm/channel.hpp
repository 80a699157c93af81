// One private communicator, and the few shapes of messages that tutti sends over it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <mpi.h>

#include "tutti/comm/built_for.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/exchange.hpp"
#include "tutti/comm/packet.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

/// How a rank waits for the others.
enum class Waiting {
  blocking,  ///< inside MPI: fastest as long as every rank has a core
  polling,   ///< Iallreduce and MPI_Test: several communicators can be waited for at once
  yielding,  ///< polling that gives the core away: MPICH's blocking waits cost milliseconds with more ranks
             ///< than cores
};

/// Before it is known whether ranks share cores. Open MPI's blocking waits give the core away by themselves
/// where they must, and its nonblocking gather sends a message between each pair of ranks.
#if defined(TUTTI_FOR_MPICH)
inline constexpr Waiting waiting_at_start = Waiting::yielding;
#else
inline constexpr Waiting waiting_at_start = Waiting::blocking;
#endif

/// The datatype and the operation of packets; freed before MPI_Finalize by release().
class PacketType {
 public:
  PacketType();
  PacketType(const PacketType&) = delete;
  PacketType& operator=(const PacketType&) = delete;
  ~PacketType() = default;  // never calls MPI: it may be finalized by then
  void release();

  MPI_Datatype type = MPI_DATATYPE_NULL;
  MPI_Op operation = MPI_OP_NULL;
};

/// A communicator of ours. Counts are 64-bit everywhere; what exceeds `piece` bytes travels in pieces.
/// All functions but begin() are collective and return when this rank's part is done.
class Channel {
 public:
  static constexpr std::size_t default_piece = std::size_t{1} << 30U;

  /// Takes the communicator over: it is freed by release(), never by the destructor.
  Channel(MPI_Comm own, std::shared_ptr<PacketType> packets);

  int rank() const { return rank_; }
  int size() const { return size_; }
  MPI_Comm communicator() const { return own_; }
  /// Collective. Frees the communicator.
  void release();

  /// Gives MPI a chance to go on with what is under way, whosever that is.
  void progress() const;

  /// One allreduce of one packet.
  Packet exchange(const Packet& mine, Waiting how);
  /// Posts the same without waiting; `mine` and `merged` must live until finish() has returned.
  MPI_Request begin(const Packet& mine, Packet& merged);
  /// Waits for all requests, which may belong to different channels.
  static void finish(std::span<MPI_Request> requests, Waiting how);

  void broadcast(std::span<std::byte> bytes, int root, Waiting how);
  /// Posts a broadcast of at most a piece.
  MPI_Request begin_broadcast(std::span<std::byte> bytes, int root);
  /// All parts have the same size; `all` (size() parts) counts on the root only.
  void gather_equal(std::span<const std::byte> part, std::span<std::byte> all, int root, Waiting how);
  /// Posts the same without waiting.
  MPI_Request begin_gather(std::span<const std::byte> part, std::span<std::byte> all, int root);
  /// Posts an allreduce: element by element the smallest number, in place.
  MPI_Request begin_minimum(std::span<std::int64_t> words);
  /// gather_equal() with the result on all ranks.
  void all_gather_equal(std::span<const std::byte> part, std::span<std::byte> all, Waiting how);
  /// Element-wise sum of 64-bit integers on all ranks, in place.
  void add_integers(std::span<std::int64_t> words, Waiting how);
  /// Element by element the largest number, on all ranks, in place.
  void maximum(std::span<std::int64_t> words, Waiting how);
  /// Element-wise sum of those of the ranks before this one, in place; zeros on rank 0. log2(size())
  /// messages, each of at most a piece.
  /// @param room  twice as many words
  void add_integers_before(std::span<std::int64_t> words, std::span<std::int64_t> room, Waiting how);
  /// Word i goes to rank i, whose word for this rank comes to its place. log2(size()) messages of at most
  /// half of the words.
  /// @param words  size() words
  /// @param room  as many
  void transpose(std::span<std::int64_t> words, std::span<std::int64_t> room, Waiting how);
  /// Any rank to any rank: `send` and `receive` hold one part for each rank; sizes must match pairwise.
  /// size() - 1 steps; an empty part costs no message.
  void exchange(std::span<const Bytes> send, std::span<const Bytes> receive, Waiting how);

  /// Posts the messages of some pairs of ranks, in pieces, without waiting. What they are read from and
  /// written to must live until finish() has returned.
  /// @param requests  empty, with room for pieces_of() all messages: nothing may throw here
  void begin_some(std::span<const Message> sends, std::span<const Message> receives,
                  std::vector<MPI_Request>& requests);
  std::size_t pieces_of(std::span<const Message> messages) const;

  /// For tests: pretend that MPI takes at most this many bytes at once.
  void set_piece(std::size_t bytes) { piece_ = bytes; }
  std::size_t piece() const { return piece_; }

 private:
  void reduce(std::span<std::int64_t> words, MPI_Op operation, Waiting how);

  MPI_Comm own_;
  std::shared_ptr<PacketType> packets_;
  int rank_ = 0;
  int size_ = 1;
  std::size_t piece_ = default_piece;
};

}  // namespace tutti::comm

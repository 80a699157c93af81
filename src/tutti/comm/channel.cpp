#include "tutti/comm/channel.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "tutti/comm/backoff.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/error.hpp"

namespace tutti::comm {

void check_mpi(int code, const char* function) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> reason{};
  int length = 0;
  if (MPI_Error_string(code, reason.data(), &length) != MPI_SUCCESS) length = 0;
  throw SystemError(text(function, " failed: ", printable({reason.data(), static_cast<std::size_t>(length)})),
                    {{}, {code, 0}});
}

namespace {

extern "C" void tutti_merge_packets(void* in, void* inout, int* count, MPI_Datatype* /*type*/) {
  const auto* from = static_cast<const Packet*>(in);
  auto* into = static_cast<Packet*>(inout);
  for (int i = 0; i < *count; ++i) merge(from[i], into[i]);
}

// Calls the blocking form of an MPI function, or the nonblocking one and waits for it.
template <class Blocking, class Starting>
void perform(Waiting how, const char* name, const Blocking& blocking, const Starting& starting) {
  if (how == Waiting::blocking) {
    check_mpi(blocking(), name);
    return;
  }
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(starting(&request), name);
  Channel::finish({&request, 1}, how);
}

}  // namespace

PacketType::PacketType() {
  check_mpi(MPI_Type_contiguous(sizeof(Packet) / 8, MPI_UINT64_T, &type), "MPI_Type_contiguous");
  check_mpi(MPI_Type_commit(&type), "MPI_Type_commit");
  check_mpi(MPI_Op_create(tutti_merge_packets, /*commute=*/1, &operation), "MPI_Op_create");
}

void PacketType::release() {
  if (operation != MPI_OP_NULL) MPI_Op_free(&operation);
  if (type != MPI_DATATYPE_NULL) MPI_Type_free(&type);
}

Channel::Channel(MPI_Comm own, std::shared_ptr<PacketType> packets)
    : own_(own), packets_(std::move(packets)) {
  check_mpi(MPI_Comm_set_errhandler(own_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(own_, &rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(own_, &size_), "MPI_Comm_size");
}

void Channel::release() {
  if (own_ != MPI_COMM_NULL) check_mpi(MPI_Comm_free(&own_), "MPI_Comm_free");
}

void Channel::progress() const {
  int found = 0;
  check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, own_, &found, MPI_STATUS_IGNORE), "MPI_Iprobe");
}

Packet Channel::exchange(const Packet& mine, Waiting how) {
  Packet merged;
  if (how == Waiting::blocking) {
    check_mpi(MPI_Allreduce(&mine, &merged, 1, packets_->type, packets_->operation, own_), "MPI_Allreduce");
    return merged;
  }
  MPI_Request request = begin(mine, merged);
  finish({&request, 1}, how);
  return merged;
}

MPI_Request Channel::begin(const Packet& mine, Packet& merged) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(&mine, &merged, 1, packets_->type, packets_->operation, own_, &request),
            "MPI_Iallreduce");
  return request;
}

void Channel::finish(std::span<MPI_Request> requests, Waiting how) {
  if (how == Waiting::blocking) {
    check_mpi(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
              "MPI_Waitall");
    return;
  }
  Backoff backoff;
  for (int done = 0; done == 0;) {
    check_mpi(MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE),
              "MPI_Testall");
    if (done == 0 && how == Waiting::yielding) backoff.wait();
  }
}

void Channel::broadcast(std::span<std::byte> bytes, int root, Waiting how) {
  while (!bytes.empty()) {
    const auto now = bytes.first(std::min(bytes.size(), piece_));
    const int count = static_cast<int>(now.size());
    perform(
        how, "MPI_Bcast", [&] { return MPI_Bcast(now.data(), count, MPI_BYTE, root, own_); },
        [&](MPI_Request* request) { return MPI_Ibcast(now.data(), count, MPI_BYTE, root, own_, request); });
    bytes = bytes.subspan(now.size());
  }
}

MPI_Request Channel::begin_broadcast(std::span<std::byte> bytes, int root) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibcast(bytes.data(), checked_cast<int>(bytes.size()), MPI_BYTE, root, own_, &request),
            "MPI_Ibcast");
  return request;
}

void Channel::gather_equal(std::span<const std::byte> part, std::span<std::byte> all, int root, Waiting how) {
  const int count = checked_cast<int>(part.size());
  perform(
      how, "MPI_Gather",
      [&] { return MPI_Gather(part.data(), count, MPI_BYTE, all.data(), count, MPI_BYTE, root, own_); },
      [&](MPI_Request* request) {
        return MPI_Igather(part.data(), count, MPI_BYTE, all.data(), count, MPI_BYTE, root, own_, request);
      });
}

MPI_Request Channel::begin_gather(std::span<const std::byte> part, std::span<std::byte> all, int root) {
  const int count = checked_cast<int>(part.size());
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Igather(part.data(), count, MPI_BYTE, all.data(), count, MPI_BYTE, root, own_, &request),
            "MPI_Igather");
  return request;
}

MPI_Request Channel::begin_minimum(std::span<std::int64_t> words) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(MPI_IN_PLACE, words.data(), checked_cast<int>(words.size()), MPI_INT64_T, MPI_MIN,
                           own_, &request),
            "MPI_Iallreduce");
  return request;
}

void Channel::all_gather_equal(std::span<const std::byte> part, std::span<std::byte> all, Waiting how) {
  const int count = checked_cast<int>(part.size());
  perform(
      how, "MPI_Allgather",
      [&] { return MPI_Allgather(part.data(), count, MPI_BYTE, all.data(), count, MPI_BYTE, own_); },
      [&](MPI_Request* request) {
        return MPI_Iallgather(part.data(), count, MPI_BYTE, all.data(), count, MPI_BYTE, own_, request);
      });
}

void Channel::add_integers(std::span<std::int64_t> words, Waiting how) { reduce(words, MPI_SUM, how); }

void Channel::maximum(std::span<std::int64_t> words, Waiting how) { reduce(words, MPI_MAX, how); }

void Channel::reduce(std::span<std::int64_t> words, MPI_Op operation, Waiting how) {
  while (!words.empty()) {
    const auto now = words.first(std::min(words.size(), std::max<std::size_t>(1, piece_ / sizeof words[0])));
    const int count = static_cast<int>(now.size());
    perform(
        how, "MPI_Allreduce",
        [&] { return MPI_Allreduce(MPI_IN_PLACE, now.data(), count, MPI_INT64_T, operation, own_); },
        [&](MPI_Request* request) {
          return MPI_Iallreduce(MPI_IN_PLACE, now.data(), count, MPI_INT64_T, operation, own_, request);
        });
    words = words.subspan(now.size());
  }
}

// By doubling (Hillis, Steele, doi:10.1145/7902.7903): after the steps 1, 2, ... d a rank has the sum of the
// 2d ranks up to itself; in the end it takes away its own. MPI_Exscan takes P steps in some MPIs.
void Channel::add_integers_before(std::span<std::int64_t> words, std::span<std::int64_t> room, Waiting how) {
  constexpr int tag = 4;
  const int count = checked_cast<int>(words.size());
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(words[i]); };  // sums wrap around
  const std::span<std::int64_t> received = room.first(words.size()), own = room.last(words.size());
  std::copy(words.begin(), words.end(), own.begin());
  for (int step = 1; step < size_; step *= 2) {
    std::array<MPI_Request, 2> requests{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    if (rank_ >= step)
      check_mpi(MPI_Irecv(received.data(), count, MPI_INT64_T, rank_ - step, tag, own_, &requests[0]),
                "MPI_Irecv");
    if (rank_ + step < size_)
      check_mpi(MPI_Isend(words.data(), count, MPI_INT64_T, rank_ + step, tag, own_, &requests[1]),
                "MPI_Isend");
    finish(requests, how);
    for (std::size_t i = 0; rank_ >= step && i < words.size(); ++i)
      words[i] = static_cast<std::int64_t>(at(i) + static_cast<std::uint64_t>(received[i]));
  }
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = static_cast<std::int64_t>(at(i) - static_cast<std::uint64_t>(own[i]));
}

// By the bits of the distance (Bruck et al., doi:10.1109/71.642949): word i, which has i ranks to go, goes
// 2^k ranks on in step k if it has that bit.
void Channel::transpose(std::span<std::int64_t> words, std::span<std::int64_t> room, Waiting how) {
  constexpr int tag = 5;
  std::rotate(words.begin(), words.begin() + rank_, words.end());
  const std::size_t half = room.size() / 2;
  const std::span<std::int64_t> sent = room.first(half), received = room.subspan(half, half);
  for (int step = 1; step < size_; step *= 2) {
    const auto travels = [&](std::size_t i) { return (i & static_cast<std::size_t>(step)) != 0; };
    int count = 0;
    for (std::size_t i = 0; i < words.size(); ++i)
      if (travels(i)) sent[slot(count++)] = words[i];
    std::array<MPI_Request, 2> requests{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    check_mpi(MPI_Irecv(received.data(), count, MPI_INT64_T, (rank_ - step + size_) % size_, tag, own_,
                        &requests[0]),
              "MPI_Irecv");
    check_mpi(MPI_Isend(sent.data(), count, MPI_INT64_T, (rank_ + step) % size_, tag, own_, &requests[1]),
              "MPI_Isend");
    finish(requests, how);
    count = 0;
    for (std::size_t i = 0; i < words.size(); ++i)
      if (travels(i)) words[i] = received[slot(count++)];
  }
  std::reverse(words.begin(), words.end());  // word i is of the rank i before this one
  std::rotate(words.begin(), words.begin() + (size_ - 1 - rank_), words.end());
}

// Pairwise exchange (rank r talks with r + step and r - step in turn), each message in pieces: any size, no
// index or displacement beyond int, and at most two messages of a piece in flight.
void Channel::exchange(std::span<const Bytes> send, std::span<const Bytes> receive, Waiting how) {
  const auto me = static_cast<std::size_t>(rank_);
  if (send[me].size > 0) std::memcpy(receive[me].data, send[me].data, send[me].size);
  constexpr int tag = 1;
  for (int step = 1; step < size_; ++step) {
    const int to = (rank_ + step) % size_;
    const int from = (rank_ - step + size_) % size_;
    Bytes out = send[static_cast<std::size_t>(to)];
    Bytes in = receive[static_cast<std::size_t>(from)];
    while (out.size > 0 || in.size > 0) {
      std::array<MPI_Request, 2> requests{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
      const std::size_t out_now = std::min(out.size, piece_);
      const std::size_t in_now = std::min(in.size, piece_);
      if (in_now > 0)
        check_mpi(MPI_Irecv(in.data, static_cast<int>(in_now), MPI_BYTE, from, tag, own_, &requests[0]),
                  "MPI_Irecv");
      if (out_now > 0)
        check_mpi(MPI_Isend(out.data, static_cast<int>(out_now), MPI_BYTE, to, tag, own_, &requests[1]),
                  "MPI_Isend");
      finish(requests, how);
      out = {out.data + out_now, out.size - out_now};
      in = {in.data + in_now, in.size - in_now};
    }
  }
}

std::size_t Channel::pieces_of(std::span<const Message> messages) const {
  std::size_t pieces = 0;
  for (const Message& message : messages) pieces += (message.bytes.size + piece_ - 1) / piece_;
  return pieces;
}

// MPI keeps the order of the messages of a pair, so both sides need only have the same one: that of the
// lists.
void Channel::begin_some(std::span<const Message> sends, std::span<const Message> receives,
                         std::vector<MPI_Request>& requests) {
  constexpr int tag = 2;
  const auto begin = [&](const Message& message, const char* name, auto function) {
    for (std::size_t first = 0; first < message.bytes.size; first += piece_) {
      const auto count = static_cast<int>(std::min(piece_, message.bytes.size - first));
      check_mpi(function(message.bytes.data + first, count, MPI_BYTE, message.rank, tag, own_,
                         &requests.emplace_back(MPI_REQUEST_NULL)),
                name);
    }
  };
  for (const Message& message : receives) begin(message, "MPI_Irecv", MPI_Irecv);
  for (const Message& message : sends) begin(message, "MPI_Isend", MPI_Isend);
}

}  // namespace tutti::comm

#include "tutti/comm/late_channel.hpp"

#include <algorithm>
#include <cstring>

#include "tutti/comm/mpi_error.hpp"

namespace tutti::comm {

namespace {

constexpr Operation void_operation{"nothing"};

extern "C" void tutti_merge_wide_packets(void* in, void* inout, int* count, MPI_Datatype* /*type*/) {
  const auto* from = static_cast<const WidePacket*>(in);
  auto* into = static_cast<WidePacket*>(inout);
  for (int i = 0; i < *count; ++i) merge(from[i], into[i]);
}

MPI_Comm duplicate(MPI_Comm communicator) {
  MPI_Comm own = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(communicator, &own), "MPI_Comm_dup");
  return own;
}

bool has_arrived(MPI_Request& request) {
  int arrived = 0;
  check_mpi(MPI_Test(&request, &arrived, MPI_STATUS_IGNORE), "MPI_Test");
  return arrived != 0;
}

}  // namespace

void merge(const WidePacket& in, WidePacket& inout) {
  merge(in.head, inout.head);
  for (std::size_t i = 0; i < in.words.size(); ++i) inout.words[i] += in.words[i];
}

// The clock is looked at now and then only: most waits are over before it has been.
bool Patience::ends() {
  constexpr std::chrono::milliseconds longest{250};
  constexpr int looks_for_one_of_the_clock = 32;
  if (++looks_ % looks_for_one_of_the_clock != 0) return false;
  const auto now = std::chrono::steady_clock::now();
  const bool began = end_ != std::chrono::steady_clock::time_point{};
  if (began && now < end_) return false;
  end_ = now + span_;
  span_ = std::min(2 * span_, longest);
  return began;
}

LateChannel::LateChannel(Context& world, const Channel& blocking, std::shared_ptr<PacketType> packets)
    : world_(world),
      round_(world),
      own_(duplicate(blocking.communicator())),
      data_channel_(duplicate(blocking.communicator()), std::move(packets)),
      piece_(blocking.piece()) {
  check_mpi(MPI_Comm_set_errhandler(own_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Type_contiguous(sizeof(WidePacket) / 8, MPI_UINT64_T, &type_), "MPI_Type_contiguous");
  check_mpi(MPI_Type_commit(&type_), "MPI_Type_commit");
  check_mpi(MPI_Op_create(tutti_merge_wide_packets, /*commute=*/1, &operation_), "MPI_Op_create");
}

void LateChannel::release() {
  data_channel_.release();
  check_mpi(MPI_Comm_free(&own_), "MPI_Comm_free");
  MPI_Op_free(&operation_);
  MPI_Type_free(&type_);
}

void LateChannel::post(std::shared_ptr<LateOperation> operation) {
  LateOperation& posted = *operation;
  packets_.push_back(std::move(operation));
  posted.number = posted_++;
  check_mpi(MPI_Iallreduce(&posted.mine, &posted.merged, 1, type_, operation_, own_, &posted.request),
            "MPI_Iallreduce");
}

// Packets come back in the order in which all ranks have posted them. So do data, one broadcast after the
// other: each rank posts those at a time of its own, but in one order.
void LateChannel::progress() {
  while (!packets_.empty() && has_arrived(packets_.front()->request)) {
    const std::shared_ptr<LateOperation> operation = std::move(packets_.front());
    packets_.pop_front();
    arrived(operation);
  }
  while (!data_.empty() && progress_data(*data_.front())) data_.pop_front();
}

void LateChannel::arrived(const std::shared_ptr<LateOperation>& operation) {
  if (operation->merged.head.trouble()) {
    fail(operation);
    return;
  }
  if (operation->data.size() <= sizeof operation->merged.words) {  // the root's bytes, and zeros
    if (!operation->data.empty())
      std::memcpy(operation->data.data(), operation->merged.words.data(), operation->data.size());
    operation->stage = LateOperation::Stage::done;
    return;
  }
  operation->stage = LateOperation::Stage::data;
  data_.push_back(operation);
}

void LateChannel::fail(const std::shared_ptr<LateOperation>& operation) {
  operation->stage = LateOperation::Stage::failed;
  if (operation->number < settled_)
    operation->why = why_;
  else
    failed_.push_back(operation);
}

// True when all pieces have come. `data` is what has not been posted yet.
bool LateChannel::progress_data(LateOperation& operation) {
  while (has_arrived(operation.request)) {  // true of no request at all, too
    if (operation.data.empty()) {
      operation.stage = LateOperation::Stage::done;
      return true;
    }
    const auto piece = operation.data.first(std::min(operation.data.size(), piece_));
    operation.data = operation.data.subspan(piece.size());
    operation.request = data_channel_.begin_broadcast(piece, operation.call.root);
  }
  return false;
}

const Call* LateChannel::call(std::uint64_t number) const {
  for (const auto& operation : packets_)
    if (operation->number == number) return &operation->call;
  for (const auto& operation : failed_)
    if (operation->number == number) return &operation->call;
  return nullptr;
}

void LateChannel::settle(std::uint64_t posted, const core::ErrorRecord& why) {
  why_ = std::make_shared<const core::ErrorRecord>(why);
  settled_ = posted;
  for (const auto& operation : failed_) operation->why = why_;
  failed_.clear();
  while (posted_ < posted) {
    auto nothing = std::make_shared<LateOperation>(Call{void_operation, Site(nullptr, 0)});
    nothing->mine.head.flags = Packet::mismatch;
    post(std::move(nothing));
  }
}

}  // namespace tutti::comm

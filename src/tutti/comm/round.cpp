#include "tutti/comm/round.hpp"

#include <limits>
#include <span>

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"

namespace tutti::comm {

namespace {

constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

}  // namespace

void Round::begin(const Packet& packet, const core::ErrorRecord* mine) {
  packet_ = packet;
  if (world_.late_ && world_.late_->alarm() != nullptr) packet_.flags |= Packet::mismatch;
  if (mine != nullptr) bytes_ = core::encode(*mine);
  trouble_.reset();
  untold_ = false;
  request_ = world_.channel_.begin(packet_, merged_);
  stage_ = Stage::packet;
}

void Round::listen() {
  Packet packet;
  packet.flags = Packet::listening;
  begin(packet, nullptr);
}

void Round::progress(const Call& call, Doing doing) {
  if (stage_ == Stage::idle) return;
  if (stage_ == Stage::drain) {
    if (!world_.late_->idle()) return;
    // All ranks are at the end of this World, and see the same.
    if (world_.late_->alarm() != nullptr)
      begin(packet_, nullptr);
    else
      over();
    return;
  }
  if (stage_ == Stage::troubled) {
    send_numbers(Stage::posted, true);
    return;
  }
  int arrived = 0;
  check_mpi(MPI_Test(&request_, &arrived, MPI_STATUS_IGNORE), "MPI_Test");
  if (arrived == 0) return;
  if (stage_ == Stage::packet)
    packet_arrived(call, doing);
  else if (stage_ == Stage::state)
    judge();
  else if (stage_ == Stage::posted)
    share(call);
  else if (stage_ == Stage::texts)
    explain();
  else
    end_in_trouble();
}

void Round::packet_arrived(const Call& call, Doing doing) {
  const bool late = world_.late_ != nullptr;
  if (merged_.trouble()) {
    stage_ = Stage::troubled;
    if (!late) share(call);
  } else if (late && (merged_.flags & Packet::listening) != 0) {
    send_numbers(Stage::state, doing == Doing::calling);
  } else if (late && (merged_.flags & Packet::closing) != 0) {
    stage_ = Stage::drain;
  } else {
    over();
  }
}

void Round::send_numbers(Stage stage, bool with_posted) {
  const LateOperation* alarm = world_.late_->alarm();
  const auto posted = static_cast<std::int64_t>(world_.late_->posted());
  numbers_ = {-posted, with_posted ? posted : none,
              alarm != nullptr ? static_cast<std::int64_t>(alarm->number) : none};
  request_ = world_.channel_.begin_minimum(numbers_);
  stage_ = stage;
}

void Round::judge() {
  if (numbers_[1] >= -numbers_[0] && numbers_[2] == none) {
    over();
    return;
  }
  merged_.flags |= Packet::mismatch;
  stage_ = Stage::troubled;
}

// All ranks have seen the same packet, so all of them are here, and none of them leaves before the end.
void Round::share(const Call& call) {
  if (merged_.failed != Packet::nobody) {
    request_ = world_.channel_.begin_broadcast(std::as_writable_bytes(std::span(bytes_)), merged_.failed);
    stage_ = Stage::record;
    return;
  }
  my_text_ = call_text(world_.process_->rank, call_to_show(call));
  texts_.resize(world_.rank() == 0 ? static_cast<std::size_t>(world_.size()) : 0);
  request_ = world_.channel_.begin_gather(std::as_bytes(std::span(&my_text_, 1)),
                                          std::as_writable_bytes(std::span(texts_)), 0);
  stage_ = Stage::texts;
}

// Where the ranks are out of order: the first nonblocking operation that some of them have not posted; where
// they posted different ones, that.
const Call& Round::call_to_show(const Call& call) const {
  if (!world_.late_) return call;
  const std::int64_t number = numbers_[2] != none ? numbers_[2] : numbers_[1];
  const Call* late = world_.late_->call(static_cast<std::uint64_t>(number));
  return late != nullptr ? *late : call;
}

void Round::explain() {
  if (world_.rank() == 0) bytes_ = core::encode(mismatch_record(texts_, world_.sequence_, world_.title()));
  request_ = world_.channel_.begin_broadcast(std::as_writable_bytes(std::span(bytes_)), 0);
  stage_ = Stage::record;
}

void Round::end_in_trouble() {
  trouble_ = core::decode(bytes_);
  untold_ = true;
  if (world_.late_) world_.late_->settle(static_cast<std::uint64_t>(-numbers_[0]), *trouble_);
  over();
}

void Round::over() {
  if (!again()) ++world_.sequence_;
  stage_ = Stage::idle;
}

}  // namespace tutti::comm

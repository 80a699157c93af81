#include "tutti/launch/relay_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <climits>

namespace tutti::launch {

RelayStream::RelayStream(int from, int to) : from_(from), to_(to) {
  struct stat status {};
  regular_ = ::fstat(to, &status) == 0 && S_ISREG(status.st_mode);
}

RelayStream::~RelayStream() {
  if (from_ >= 0) ::close(from_);
}

pollfd RelayStream::source() const { return {full() ? -1 : from_, POLLIN, 0}; }

pollfd RelayStream::target() const { return {pending() ? to_ : -1, POLLOUT, 0}; }

void RelayStream::read() {
  std::array<char, 65536> piece;  // NOLINT(*-member-init): written before it is read
  const ssize_t count = ::read(from_, piece.data(), piece.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    close();
    return;
  }
  last_ = Clock::now();
  const std::size_t before = pending_.size();
  filter_.feed({piece.data(), static_cast<std::size_t>(count)}, pending_);
  seen_ = seen_ || pending_.size() > before;
  drop_if_lost();
}

void RelayStream::release() {
  const std::size_t before = pending_.size();
  filter_.release(pending_);
  seen_ = seen_ || pending_.size() > before;
  drop_if_lost();
}

void RelayStream::write() {
  // Our descriptors are shared with other processes, so they stay blocking. A pipe that is ready takes
  // PIPE_BUF bytes without blocking, a file takes everything.
  const std::size_t most = regular_ ? most_pending : std::size_t{PIPE_BUF};
  const ssize_t count = ::write(to_, pending_.data() + sent_, std::min(pending_.size() - sent_, most));
  if (count >= 0) sent_ += static_cast<std::size_t>(count);
  if (count < 0 && errno != EINTR && errno != EAGAIN) error_ = errno;
  drop_if_lost();
  if (pending()) return;
  pending_.clear();
  sent_ = 0;
}

void RelayStream::close() {
  if (from_ >= 0) ::close(std::exchange(from_, -1));
  release();
}

void RelayStream::finish() {
  // Some network file systems tell only when a file is closed that a quota was too small; closing a duplicate
  // does it.
  const int copy = seen_ && error_ == 0 ? ::dup(to_) : -1;
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) error_ = errno;
}

void RelayStream::drop_if_lost() {
  if (error_ == 0) return;
  pending_.clear();
  sent_ = 0;
}

}  // namespace tutti::launch

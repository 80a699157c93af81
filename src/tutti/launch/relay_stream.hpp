// One of a child's two streams on its way through the filter to one of ours.
#pragma once

#include <chrono>
#include <cstddef>
#include <poll.h>
#include <string>

#include "tutti/launch/launcher_noise.hpp"

namespace tutti::launch {

/// Reads when there is something to read, writes when there is room: it never blocks, so that a slow reader
/// of one stream holds up neither the other stream nor a signal. At most some 1 MiB waits inside; then the
/// child waits.
class RelayStream {
 public:
  using Clock = std::chrono::steady_clock;

  /// @param from  the child's pipe; closed at the end
  /// @param to    our stdout or stderr; stays open
  RelayStream(int from, int to);
  RelayStream(const RelayStream&) = delete;
  RelayStream& operator=(const RelayStream&) = delete;
  ~RelayStream();

  /// What to wait for.
  pollfd source() const;
  pollfd target() const;

  void read();     ///< one piece; at the end of the stream, closes it
  void release();  ///< lets pass what the filter holds back
  void write();    ///< as much as goes without blocking
  void close();    ///< no more reading
  void finish();   ///< after the last write: asks the file system for late errors

  bool open() const { return from_ >= 0; }
  bool full() const { return pending_.size() - sent_ >= most_pending; }
  bool pending() const { return sent_ < pending_.size(); }
  bool held() const { return filter_.waiting(); }
  bool seen() const { return seen_; }   ///< something was passed on: launchers' words and notes do not count
  int error() const { return error_; }  ///< errno of a failed write; then everything is dropped
  Clock::time_point last() const { return last_; }  ///< when something was read
  const NoiseFilter& filter() const { return filter_; }

 private:
  static constexpr std::size_t most_pending = std::size_t{1} << 20U;
  void drop_if_lost();

  int from_;
  int to_;
  bool regular_ = false;
  bool seen_ = false;
  int error_ = 0;
  Clock::time_point last_ = Clock::now();
  NoiseFilter filter_;
  std::string pending_;
  std::size_t sent_ = 0;
};

}  // namespace tutti::launch

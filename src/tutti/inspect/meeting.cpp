#include "tutti/inspect/meeting.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/abstract_name.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/process_state.hpp"

namespace tutti::inspect {

namespace {

using Clock = std::chrono::steady_clock;

int new_socket() {
  const int descriptor = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw SystemError(text("socket: ", errno_text(errno)), {"socket", {errno, 0}});
  return descriptor;
}

void limit_sending(int descriptor) {
  const timeval patience{10, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool same_user(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

std::int64_t parent_of(std::int64_t pid) {
  const auto line = memory::read_text(text("/proc/", pid, "/stat"));
  const auto stat = line ? memory::parse_process_stat(*line) : std::nullopt;
  return stat ? stat->parent : 0;
}

}  // namespace

Line::Line(Line&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
Line& Line::operator=(Line&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}
Line::~Line() { close(); }

void Line::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void Line::hang_up() const {
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

bool Line::send(std::span<const std::byte> message) const {
  ssize_t count = 0;
  do count = ::send(descriptor_, message.data(), message.size(), MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(message.size());
}

std::optional<std::size_t> Line::receive(std::span<std::byte> message,
                                         std::chrono::milliseconds patience) const {
  const auto end = Clock::now() + patience;
  for (;;) {
    const auto left = std::max(std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()),
                               std::chrono::milliseconds(0));
    pollfd ready{descriptor_, POLLIN, 0};
    const int events = ::poll(&ready, 1, patience == for_ever ? -1 : static_cast<int>(left.count()));
    if (events < 0 && errno == EINTR) continue;
    if (events <= 0) return std::nullopt;
    const ssize_t count = ::recv(descriptor_, message.data(), message.size(), MSG_TRUNC);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || static_cast<std::size_t>(count) > message.size()) return std::nullopt;
    return static_cast<std::size_t>(count);
  }
}

std::string meeting_name(const std::string& rank_variable, int node) {
  std::int64_t daemon = ::getpid();
  if (!rank_variable.empty()) {
    daemon = ::getppid();
    while (daemon > 1 && memory::has_variable(daemon, rank_variable)) daemon = parent_of(daemon);
  }
  const memory::ProcessIdentity identity = memory::identity_of(daemon);
  return text("tutti-inspect-", ::geteuid(), "-", identity.pid, "-", identity.start_time, "-", node);
}

int open_meeting(const std::string& name) {
  const int descriptor = new_socket();
  const files::AbstractName address(name);
  if (::bind(descriptor, address.get(), address.length) == 0 && ::listen(descriptor, SOMAXCONN) == 0)
    return descriptor;
  const int error = errno;
  ::close(descriptor);
  if (error == EADDRINUSE) return -1;
  throw SystemError(text("socket ", name, ": ", errno_text(error)), {name, {error, 0}});
}

Line accept(int meeting) {
  Line line(::accept4(meeting, nullptr, nullptr, SOCK_CLOEXEC));
  if (line.open() && !same_user(line.descriptor())) line.close();
  if (line.open()) limit_sending(line.descriptor());
  return line;
}

Line join(const std::string& name) {
  const files::AbstractName address(name);
  Line line(new_socket());
  const auto end = Clock::now() + std::chrono::seconds(2);
  // Whoever has bound the name may not listen yet.
  while (::connect(line.descriptor(), address.get(), address.length) != 0) {
    if (Clock::now() > end || (errno != ECONNREFUSED && errno != EINTR && errno != EAGAIN)) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  limit_sending(line.descriptor());
  return same_user(line.descriptor()) ? std::move(line) : Line{};
}

}  // namespace tutti::inspect
